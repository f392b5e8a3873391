use super::{
    KindError, KindSettings, access,
    cluster::{OurCluster, cluster_name, ids},
    components,
    diagnose::diagnose,
    driver,
    engine::Engine,
    folder::Folder,
    kubectl,
    node::Node,
    orphans,
    record::{Record, Stage},
    setup, status,
};
use crate::{
    event::{Events, Phase},
    load::LoadClient,
    paths::Paths,
    provider::{
        CUSTOM_METRICS, Capability, Diagnosis, Environment, EnvironmentRequest, EnvironmentStatus, Provider, ProviderName,
        environment::can_name,
        files::{FileError, names_in},
        lock::Lock,
        sandbox,
    },
    territory::Territory,
};

/// A node's name is a label's value, which has at most 63 characters.
const LONGEST_NAME: usize = 30;
/// What a cluster of kind can do.
const CAPABILITIES: [Capability; 8] = [
    Capability::Api,
    Capability::Nodes,
    Capability::Containers,
    Capability::Network,
    Capability::Metrics,
    Capability::Load,
    Capability::Components,
    Capability::ClusterAdmin,
];

/// Clusters of kind in Docker or Podman.
#[derive(Debug, Clone)]
pub struct KindProvider {
    paths: Paths,
    settings: KindSettings,
}

impl KindProvider {
    /// A provider that keeps its records below these folders.
    #[must_use]
    pub fn new(paths: Paths, settings: KindSettings) -> Self {
        Self { paths, settings }
    }

    fn folder(&self, name: &str) -> Result<Folder, KindError> {
        if !can_name(name, LONGEST_NAME) {
            return Err(KindError::Name { name: name.to_owned(), most: LONGEST_NAME });
        }
        let folder = self.root().join(name);
        Ok(Folder::at(std::path::absolute(&folder).map_err(FileError::new("find", folder))?))
    }

    fn root(&self) -> std::path::PathBuf {
        self.paths.state.join("kind")
    }

    fn lock(&self, name: &str) -> Result<Lock, KindError> {
        Ok(Lock::take(&self.paths.state.join("locks").join(format!("{name}.lock")), &self.settings.command)?)
    }

    /// The engine that an environment was made with, or the one to make it with.
    async fn engine(&self, record: Option<&Record>) -> Result<Engine, KindError> {
        match record {
            Some(record) => Ok(Engine { name: record.engine }),
            None => Engine::find(self.settings.engine).await,
        }
    }

    fn cluster<'a>(&'a self, folder: &'a Folder, environment: &'a str, engine: Engine, events: &'a Events) -> OurCluster<'a> {
        OurCluster { settings: &self.settings, folder, environment, engine, events }
    }

    /// The nodes of an environment that must be there and ours.
    async fn nodes(&self, folder: &Folder, name: &str) -> Result<(Engine, Vec<Node>), KindError> {
        let record = Record::read(folder)?.ok_or_else(|| KindError::NotRunning(name.to_owned()))?;
        let engine = Engine { name: record.engine };
        let nodes = engine.nodes(&cluster_name(name)).await?;
        self.cluster(folder, name, engine, &Events::none()).verify(&record, &nodes)?;
        Ok((engine, nodes))
    }

    fn environment(&self, name: &str, folder: &Folder, record: &Record) -> Environment {
        Environment {
            name: name.to_owned(),
            provider: self.name(),
            admin_kubeconfig: folder.kubeconfig("admin"),
            learner_kubeconfig: folder.kubeconfig(access::LEARNER),
            learner_user: access::LEARNER.into(),
            territory: Territory::WholeCluster,
            kubectl: record.kubectl.clone(),
            capabilities: CAPABILITIES.to_vec(),
        }
    }

    /// Whether an environment needs nothing at all; the question that most commands ask, in one call of the engine.
    async fn is_as_it_should_be(
        &self,
        folder: &Folder,
        name: &str,
        record: &Record,
        request: &EnvironmentRequest,
    ) -> Result<bool, KindError> {
        if record.stage != Stage::Ready || request.workers.is_some_and(|workers| workers > record.workers) {
            return Ok(false);
        }
        let kubectl_is_gone = record.kubectl.as_ref().is_some_and(|kubectl| !kubectl::is_there(kubectl));
        let lacks_addons = request.addons.iter().any(|addon| !record.addons.contains(addon));
        if kubectl_is_gone || lacks_addons || record.catalogue != self.settings.programs.images {
            return Ok(false);
        }
        let engine = Engine { name: record.engine };
        let known: Vec<String> = record.nodes.iter().map(|node| node.id.clone()).collect();
        let nodes = match engine.inspect(&known).await {
            // One of them is gone: the long way tells which.
            Err(KindError::Command { .. }) => return Ok(false),
            nodes => nodes?,
        };
        self.cluster(folder, name, engine, &Events::none()).verify(record, &nodes)?;
        Ok(nodes.iter().all(|node| node.running))
    }
}

impl Provider for KindProvider {
    type Error = KindError;

    fn name(&self) -> ProviderName {
        ProviderName::Kind
    }

    async fn capabilities(&self, _: &EnvironmentRequest) -> Result<Vec<Capability>, KindError> {
        Ok(CAPABILITIES.to_vec())
    }

    fn lacking_addons(&self, addons: &[String]) -> Vec<String> {
        addons.iter().filter(|addon| !sandbox::can_be_contained(addon)).cloned().collect()
    }

    async fn diagnose(&self) -> Diagnosis {
        diagnose(&self.settings).await
    }

    async fn ensure(&self, request: &EnvironmentRequest, events: &Events) -> Result<Environment, KindError> {
        let (name, folder) = (&request.name, self.folder(&request.name)?);
        if let Some(record) = Record::read(&folder)?
            && self.is_as_it_should_be(&folder, name, &record, request).await?
        {
            return Ok(self.environment(name, &folder, &record));
        }
        let _lock = self.lock(name)?;
        let engine = self.engine(Record::read(&folder)?.as_ref()).await?;
        let cluster = self.cluster(&folder, name, engine, events);
        let mut running = cluster.ensure(request).await?;
        setup::setup(&cluster, &self.paths, &mut running, &request.addons).await?;
        Ok(self.environment(name, &folder, &running.record))
    }

    async fn status(&self, name: &str) -> Result<Option<EnvironmentStatus>, KindError> {
        let folder = self.folder(name)?;
        if !folder.path().exists() {
            return Ok(None);
        }
        let record = Record::read(&folder)?;
        let engine = self.engine(record.as_ref()).await?;
        let nodes = engine.nodes(&cluster_name(name)).await?;
        Ok(Some(status::status(name, record.as_ref(), engine, nodes).await))
    }

    fn names(&self) -> Result<Vec<String>, KindError> {
        let mut names = names_in(&self.root())?;
        names.retain(|name| self.folder(name).is_ok());
        Ok(names)
    }

    async fn stop(&self, name: &str, events: &Events) -> Result<(), KindError> {
        let folder = self.folder(name)?;
        let _lock = self.lock(name)?;
        events
            .phase(Phase::Stop, async {
                orphans::end(&folder).await?;
                // A record that cannot be read says nothing of what is ours: containers are left to their owner.
                if let Ok(Some(record)) = Record::read(&folder) {
                    let engine = Engine { name: record.engine };
                    let nodes = engine.nodes(&cluster_name(name)).await?;
                    if record.owns(&nodes) {
                        engine.remove(&ids(&nodes)).await?;
                    }
                }
                folder.remove()
            })
            .await
    }

    fn load(&self, name: &str) -> Result<Option<LoadClient>, KindError> {
        let folder = self.folder(name)?;
        let is_driven = Record::read(&folder)?.is_some_and(|record| record.addons.iter().any(|addon| addon == CUSTOM_METRICS));
        is_driven.then(|| driver::client(&folder)).transpose()
    }

    async fn set_component(&self, name: &str, component: &str, running: bool) -> Result<(), KindError> {
        let folder = self.folder(name)?;
        let _lock = self.lock(name)?;
        let (engine, nodes) = self.nodes(&folder, name).await?;
        components::set(engine, &nodes, component, running, self.settings.patience).await
    }
}
