use super::{
    EngineName, KindError, KindSettings, config,
    engine::Engine,
    engine_info::EngineInfo,
    folder::Folder,
    node::Node,
    orphans,
    record::{Record, RecordedNode, Stage},
    room, tool,
    version::Version,
};
use crate::{
    event::{Event, Events, Phase},
    provider::{
        EnvironmentRequest,
        files::{make_private, write_private},
    },
    text::Text,
};

/// The name of an environment's cluster.
pub fn cluster_name(environment: &str) -> String {
    format!("kubedrill-{environment}")
}

/// The oldest engine that kind's nodes run in: they need a private namespace of control groups.
pub fn least_version(engine: EngineName) -> Version {
    match engine {
        EngineName::Docker => Version(20, 10, 0),
        EngineName::Podman => Version(4, 0, 0),
    }
}

/// A cluster of ours to make, to find again, or to remove.
pub struct OurCluster<'a> {
    /// What was chosen.
    pub settings: &'a KindSettings,
    /// The environment's folder.
    pub folder: &'a Folder,
    /// The environment's name.
    pub environment: &'a str,
    /// What runs its nodes.
    pub engine: Engine,
    /// Hears of progress.
    pub events: &'a Events,
}

/// A cluster whose nodes run.
pub struct Running {
    /// What is written down of it.
    pub record: Record,
    /// Its containers.
    pub nodes: Vec<Node>,
}

impl OurCluster<'_> {
    /// Makes it, or brings back what an earlier command or a restart of the machine left of it.
    pub async fn ensure(&self, request: &EnvironmentRequest) -> Result<Running, KindError> {
        orphans::end(self.folder).await?;
        let cluster = cluster_name(self.environment);
        let (record, nodes) = (Record::read(self.folder)?, self.engine.nodes(&cluster).await?);
        match record {
            None if nodes.is_empty() => self.create(request).await,
            None => Err(self.taken(&nodes)),
            Some(record) if record.stage == Stage::Creating => {
                self.remove(&record, &nodes).await?;
                self.create(request).await
            }
            Some(record) => {
                self.verify(&record, &nodes)?;
                if request.workers.is_some_and(|workers| workers > record.workers) {
                    // kind adds no nodes. Whatever was here is closed by now: an open attempt asks for no more than it has.
                    self.remove(&record, &nodes).await?;
                    return self.create(request).await;
                }
                self.start(record, nodes).await
            }
        }
    }

    /// Makes sure that these are the nodes that were made for this environment, all of them.
    pub fn verify(&self, record: &Record, nodes: &[Node]) -> Result<(), KindError> {
        let missing = record.missing(nodes);
        if !missing.is_empty() || nodes.is_empty() {
            let missing = if nodes.is_empty() { Vec::new() } else { missing };
            return Err(KindError::Gone { cluster: cluster_name(self.environment), environment: self.environment.to_owned(), missing });
        }
        if !record.owns(nodes) {
            return Err(self.taken(nodes));
        }
        let asked = self.settings.node_image.as_ref().filter(|image| record.image.as_ref() != Some(image));
        asked.map_or(Ok(()), |asked| {
            Err(KindError::Differs {
                there: record.image.as_ref().map_or_else(|| "kind's own node image".to_owned(), |image| format!("the node image {image}")),
                asked: format!("the node image {asked}"),
                environment: self.environment.to_owned(),
            })
        })
    }

    /// Removes the containers of a record, if they are still those; others of the same name are left alone.
    pub async fn remove(&self, record: &Record, nodes: &[Node]) -> Result<(), KindError> {
        if nodes.is_empty() {
            return Ok(());
        }
        if !record.owns(nodes) {
            return Err(self.taken(nodes));
        }
        self.engine.remove(&ids(nodes)).await
    }

    async fn start(&self, record: Record, nodes: Vec<Node>) -> Result<Running, KindError> {
        let stopped: Vec<String> = nodes.iter().filter(|node| !node.running).map(|node| node.id.clone()).collect();
        if stopped.is_empty() {
            return Ok(Running { record, nodes });
        }
        let detail = format!("starting {} stopped containers", stopped.len());
        self.events.send(Event::PhaseProgressed { phase: Phase::Nodes, done: 0, total: 0, detail });
        self.engine.start(&stopped).await?;
        let nodes = self.engine.inspect(&ids(&nodes)).await?;
        Ok(Running { record, nodes })
    }

    async fn create(&self, request: &EnvironmentRequest) -> Result<Running, KindError> {
        let info = self.usable_engine().await?;
        tool::version(self.settings).await?;
        let base = self.settings.config.as_deref().map(config::read).transpose()?;
        let workers = request.workers.or_else(|| base.is_none().then(|| room::default_workers(&info)));
        let image = self.settings.node_image.clone();
        let mut record = Record::new(self.engine.name, image.clone(), 0);
        let mark = self.folder.file(&record.mark());
        let (config, workers) = config::complete(base, &config::Wanted { workers, mark: &mark, cgroup_1: info.cgroup == 1 });
        record.workers = workers;
        let image_is_here = match &image {
            Some(image) => self.engine.has_image(image).await,
            None => false,
        };
        room::check(self.engine, &info, workers, image_is_here)?;
        if info.cgroup == 1 {
            self.events.send(Event::Warned { message: cgroup_warning(self.engine.name) });
        }
        self.folder.remove()?;
        record.write(self.folder)?;
        make_private(&mark)?;
        let file = self.folder.file("cluster.yaml");
        write_private(&file, config.to_string())?;
        let cluster = cluster_name(self.environment);
        let made = tool::create(self.settings, self.engine, self.folder, &cluster, &file, self.events);
        let made = self.events.phase(Phase::Cluster, made).await;
        let nodes = match made {
            Ok(()) => self.engine.nodes(&cluster).await?,
            Err(error) => {
                // What made it fail is worth more to say than what may go wrong now; the next command cleans up too.
                if let Ok(left) = self.engine.nodes(&cluster).await {
                    let _ = self.remove(&record, &left).await;
                }
                return Err(error);
            }
        };
        record.nodes = nodes.iter().map(|node| RecordedNode { id: node.id.clone(), name: node.name.clone() }).collect();
        record.stage = Stage::Created;
        record.write(self.folder)?;
        Ok(Running { record, nodes })
    }

    async fn usable_engine(&self) -> Result<EngineInfo, KindError> {
        let info = self.engine.info().await?;
        let (engine, least) = (self.engine.name, least_version(self.engine.name));
        match info.version {
            Some(found) if found < least => Err(KindError::EngineOld { engine, found, least }),
            _ => Ok(info),
        }
    }

    fn taken(&self, nodes: &[Node]) -> KindError {
        let nodes = nodes.iter().map(|node| node.name.clone()).collect();
        KindError::NameTaken { cluster: cluster_name(self.environment), nodes }
    }
}

/// The ids of containers.
pub fn ids(nodes: &[Node]) -> Vec<String> {
    nodes.iter().map(|node| node.id.clone()).collect()
}

fn cgroup_warning(engine: EngineName) -> Text {
    Text::new(
        format!(
            "이 머신의 {engine}는 cgroup v1을 씁니다. 쿠버네티스가 곧 지원을 끝냅니다. kubelet에 failCgroupV1: false를 주고 계속합니다. 근본 해결: 커널 매개변수 systemd.unified_cgroup_hierarchy=1로 cgroup v2를 켜세요."
        ),
        format!(
            "{engine} runs on cgroup v1 here, which Kubernetes is about to drop. Going on with failCgroupV1: false for the kubelets. The cure: boot with systemd.unified_cgroup_hierarchy=1 to get cgroup v2."
        ),
    )
}
