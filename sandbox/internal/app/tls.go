package app

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"path"
	"time"
)

// overTLS answers a connection with the certificate that is in the image's folder for it, as it is now.
func overTLS(s Server, port int32, conn io.ReadWriter) error {
	pair, err := certificate(s, s.Image().Certificate)
	if err != nil {
		s.Print("stderr", expand(s, "{time:2006-01-02T15:04:05.000Z} ERROR ")+err.Error())
		return err
	}
	secured := tls.Server(asConn(conn), &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	defer func() { _ = secured.Close() }()
	return serveHTTP(s, port, secured)
}

func certificate(s Stage, folder string) (tls.Certificate, error) {
	chain, err := s.ReadFile(path.Join(folder, "tls.crt"))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the certificate: %w", err)
	}
	key, err := s.ReadFile(path.Join(folder, "tls.key"))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the certificate's key: %w", err)
	}
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("use the certificate in %s: %w", folder, err)
	}
	return pair, nil
}

// tunnelled is a connection that a tunnel brought: it knows no deadlines, and not whom it comes from.
type tunnelled struct{ io.ReadWriter }

func asConn(conn io.ReadWriter) net.Conn {
	if c, ok := conn.(net.Conn); ok {
		return c
	}
	return tunnelled{conn}
}

func (tunnelled) Close() error                     { return nil }
func (tunnelled) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.ParseIP(Gateway)} }
func (tunnelled) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.ParseIP(Gateway)} }
func (tunnelled) SetDeadline(time.Time) error      { return nil }
func (tunnelled) SetReadDeadline(time.Time) error  { return nil }
func (tunnelled) SetWriteDeadline(time.Time) error { return nil }
