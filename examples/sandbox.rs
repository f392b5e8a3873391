//! Starts and stops a sandbox until the command line exists: `sandbox start HOME PROGRAMS [WORKERS]`, `sandbox stop HOME`,
//! `sandbox status HOME`.
#![expect(clippy::print_stdout, reason = "a tool for tonight")]

use std::{error::Error, path::PathBuf, time::Instant};

use kubedrill::{
    event::Events,
    paths::Paths,
    provider::{
        EnvironmentRequest, Provider,
        sandbox::{SandboxProvider, SandboxSettings, supervise},
    },
};

#[tokio::main(flavor = "current_thread")]
async fn provider(args: &[String]) -> Result<(), Box<dyn Error>> {
    let settings = SandboxSettings { programs: args.get(2).filter(|path| *path != "-").map(PathBuf::from), ..SandboxSettings::default() };
    let sandbox = SandboxProvider::new(Paths::below(&args[1]), settings);
    let started = Instant::now();
    let events = Events::to(move |event| println!("{:>6} ms {event:?}", started.elapsed().as_millis()));
    match args[0].as_str() {
        "start" => {
            let workers = args.get(3).map_or(Ok(3), |workers| workers.parse())?;
            let request = EnvironmentRequest { name: "default".into(), workers, addons: args[4.min(args.len())..].to_vec() };
            println!("{:#?}", sandbox.ensure(&request, &events).await?);
        }
        "stop" => sandbox.stop("default", &events).await?,
        "down" | "up" => sandbox.set_component("default", &args[2], args[0] == "up").await?,
        _ => println!("{:#?}", sandbox.status("default").await?),
    }
    println!("{} ms", started.elapsed().as_millis());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    if args[0] == "internal" {
        return Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(supervise(args[2].as_ref()))?);
    }
    provider(&args)
}
