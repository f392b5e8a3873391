//! One HTTP request to a program of ours on this machine, over whatever stream leads to it. Knows no program.

use std::{io, net::Ipv4Addr};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

/// A connection to a port of the loopback address.
///
/// # Errors
/// Nobody listens.
pub async fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    // Head and body are packets of their own, and the second must not wait until the first is acknowledged.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Asks once, and gives status and body; `None` when the answer is no HTTP.
///
/// # Errors
/// The connection breaks.
pub async fn ask(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Option<(u16, Vec<u8>)>> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    // HTTP/1.0: the answer ends where the connection does, and is never chunked.
    let head = format!("{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        // The server may close the connection without a farewell.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
        _ => {}
    }
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let status = answer.get(9..12).and_then(|code| std::str::from_utf8(code).ok()).and_then(|code| code.parse().ok());
    Ok(status.zip(split).map(|(status, at)| (status, answer.split_off(at + 4))))
}
