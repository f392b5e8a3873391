use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Duration,
};

use jiff::Timestamp;

use super::{
    ExistingError, ExistingSettings, Share,
    claim::{Claim, core},
    diagnose, objects, probe, rights,
    state::{Folder, Names, State, allowed},
};
use crate::{
    cluster::{Cluster, ClusterError, ContextCopy, copy_context, with_token},
    event::{Events, Phase},
    paths::Paths,
    provider::{
        Capability, Diagnosis, Environment, EnvironmentRequest, EnvironmentStatus, PartStatus, Provider, ProviderName,
        files::{FileError, names_in},
        lock::Lock,
    },
    territory::Territory,
    text::Text,
};

/// How long a learner's token is asked to live.
const TOKEN_LIFE: Duration = Duration::from_secs(24 * 3600);

/// Namespaces in clusters that belong to others.
#[derive(Debug, Clone)]
pub struct ExistingProvider {
    paths: Paths,
    settings: ExistingSettings,
}

impl ExistingProvider {
    /// A provider that keeps what it knows below these folders.
    #[must_use]
    pub fn new(paths: Paths, settings: ExistingSettings) -> Self {
        Self { paths, settings }
    }

    fn folder(&self, name: &str) -> Folder {
        Folder(self.paths.state.join("existing").join(name))
    }

    fn lock(&self, name: &str) -> Result<Lock, ExistingError> {
        Ok(Lock::take(&self.paths.state.join("locks").join(format!("existing-{name}.lock")), &self.settings.command)?)
    }

    /// The context that was named, as it is now.
    fn copy(&self) -> Result<(String, ContextCopy), ExistingError> {
        let context = self.settings.context.clone().ok_or(ExistingError::NoContext)?;
        let copy = copy_context(&self.settings.kubeconfig, &context)?;
        Ok((context, copy))
    }

    /// What is known of an environment, with renewed credentials when the context is named again; or a new one. Nothing is
    /// written before the context is known to lead where it did.
    fn state(&self, name: &str) -> Result<State, ExistingError> {
        let folder = self.folder(name);
        let Some(known) = folder.read()? else {
            let (context, copy) = self.copy()?;
            let names = Names::of(&self.settings, name)?;
            let state = State::new(&context, &copy.server, &copy.authority, names);
            folder.write_file(&folder.admin(), copy.text.as_bytes())?;
            folder.write(&state)?;
            return Ok(state);
        };
        if let Some(learner) = self.settings.learner.as_ref().filter(|learner| **learner != known.names.learner) {
            return Err(ExistingError::OtherLearner { ours: known.names.learner, other: learner.clone() });
        }
        if self.settings.context.is_some() {
            let (context, copy) = self.copy()?;
            if (&copy.server, &copy.authority) != (&known.server, &known.authority) {
                return Err(ExistingError::OtherCluster { context, ours: known.server, other: copy.server });
            }
            folder.write_file(&folder.admin(), copy.text.as_bytes())?;
        }
        Ok(known)
    }

    fn environment(&self, name: &str, state: &State, namespaces: &[String]) -> Environment {
        let folder = self.folder(name);
        Environment {
            name: name.to_owned(),
            provider: ProviderName::Existing,
            admin_kubeconfig: folder.admin(),
            learner_kubeconfig: folder.learner(),
            territory: Territory::Namespaces(state.holding(namespaces)),
            learner_user: objects::account_user(&state.names.home()),
            kubectl: None,
            capabilities: state.capabilities(),
        }
    }

    /// Takes up the namespaces of a scenario, checks the rights first, and fences what we made.
    async fn take_up(&self, request: &EnvironmentRequest, state: &mut State, cluster: &Cluster) -> Result<(), ExistingError> {
        let failed = ExistingError::cluster(&state.context, &state.server);
        let claim = Claim { cluster, environment: &request.name, failed: &failed };
        let (folder, home) = (self.folder(&request.name), state.names.home());
        let wanted: Vec<String> = std::iter::once(home.clone()).chain(request.namespaces.iter().cloned()).collect();
        let share = Share::of(&request.manifests);
        if wanted.iter().all(|namespace| state.holds(namespace)) && state.share == Some(share) {
            return claim.is_free(state).await.map(drop);
        }
        wanted.iter().try_for_each(|namespace| allowed(namespace))?;
        let (mut kinds, mut unserved) = (Vec::new(), BTreeSet::new());
        for object in &request.manifests {
            match cluster.kind_of(object).await {
                Ok(kind) => kinds.push(kind),
                Err(ClusterError::UnknownKind { kind, .. }) => drop(unserved.insert(kind)),
                Err(error) => return Err(failed(error)),
            }
        }
        if !unserved.is_empty() {
            return Err(ExistingError::Unserved { context: state.context.clone(), kinds: unserved.into_iter().collect() });
        }
        let plan = claim.plan(state, &wanted).await?;
        let missing = rights::missing(cluster, &home, &request.namespaces, &kinds).await.map_err(&failed)?;
        if !missing.is_empty() {
            return Err(ExistingError::Rights { learner: state.names.learner.clone(), missing });
        }
        state.capabilities = probe::capabilities(cluster).await.map_err(&failed)?.iter().map(ToString::to_string).collect();
        Claim::note(&plan, state);
        folder.write(state)?;
        claim.carry_out(&plan, state).await?;
        claim.fence(state, &share).await?;
        state.view = claim.view(state).await?;
        state.share = Some(share);
        folder.write(state)
    }

    /// Gives the learner a token that is good for a while.
    async fn renew(&self, request: &EnvironmentRequest, state: &mut State, cluster: &Cluster) -> Result<(), ExistingError> {
        let folder = self.folder(&request.name);
        let now = Timestamp::now().as_second();
        if now < state.renew_token_at && folder.learner().exists() {
            return Ok(());
        }
        let failed = ExistingError::cluster(&state.context, &state.server);
        let token = cluster.token(&state.names.home(), objects::ACCOUNT, TOKEN_LIFE).await.map_err(failed)?;
        let text = fs::read_to_string(folder.admin()).map_err(FileError::new("read", folder.admin()))?;
        let copy = ContextCopy { text, server: state.server.clone(), authority: state.authority.clone() };
        let namespace = request.namespaces.first().map_or("default", String::as_str);
        folder.write_file(&folder.learner(), with_token(&copy, namespace, &token).as_bytes())?;
        // The server may give a shorter life than was asked for.
        state.renew_token_at = now + (token.expires.as_second() - now) / 2;
        folder.write(state)
    }

    fn connect(&self, name: &str, state: &State) -> Result<Cluster, ExistingError> {
        Cluster::connect(&self.folder(name).admin()).map_err(ExistingError::cluster(&state.context, &state.server))
    }
}

impl Provider for ExistingProvider {
    type Error = ExistingError;

    fn name(&self) -> ProviderName {
        ProviderName::Existing
    }

    async fn capabilities(&self, request: &EnvironmentRequest) -> Result<Vec<Capability>, ExistingError> {
        if let Some(state) = self.folder(&request.name).read()?
            && !state.capabilities.is_empty()
        {
            return Ok(state.capabilities());
        }
        let (context, copy) = self.copy()?;
        let folder = tempfile::tempdir().map_err(FileError::new("make the folder", std::env::temp_dir()))?;
        let file = folder.path().join("kubeconfig");
        crate::provider::files::write_private(&file, &copy.text)?;
        let failed = ExistingError::cluster(&context, &copy.server);
        let cluster = Cluster::connect(&file).map_err(&failed)?;
        probe::capabilities(&cluster).await.map_err(&failed)
    }

    async fn diagnose(&self) -> Diagnosis {
        let findings = diagnose::findings(&self.settings).await;
        Diagnosis::new(ProviderName::Existing, 0, 0, findings)
    }

    async fn ensure(&self, request: &EnvironmentRequest, _: &Events) -> Result<Environment, ExistingError> {
        let _lock = self.lock(&request.name)?;
        let mut state = self.state(&request.name)?;
        let cluster = self.connect(&request.name, &state)?;
        self.take_up(request, &mut state, &cluster).await?;
        self.renew(request, &mut state, &cluster).await?;
        Ok(self.environment(&request.name, &state, &request.namespaces))
    }

    async fn status(&self, name: &str) -> Result<Option<EnvironmentStatus>, ExistingError> {
        let Some(state) = self.folder(name).read()? else { return Ok(None) };
        let failed = ExistingError::cluster(&state.context, &state.server);
        let asked = match self.connect(name, &state) {
            Ok(cluster) => cluster.version().await.map(drop).map_err(failed),
            Err(error) => Err(error),
        };
        let part = PartStatus { name: state.server.clone(), running: asked.is_ok(), pid: None, memory_bytes: 0, log: None };
        Ok(Some(EnvironmentStatus {
            name: name.to_owned(),
            usable: asked.is_ok(),
            problem: asked.err().map(|error| Text::new(format!("클러스터를 쓸 수 없습니다: {error}"), error.to_string())),
            parts: vec![part],
            memory_bytes: 0,
            peak_memory_bytes: 0,
        }))
    }

    fn names(&self) -> Result<Vec<String>, ExistingError> {
        Ok(names_in(&self.paths.state.join("existing"))?)
    }

    async fn stop(&self, name: &str, events: &Events) -> Result<(), ExistingError> {
        let _lock = self.lock(name)?;
        let folder = self.folder(name);
        let Some(state) = folder.read()? else { return folder.remove() };
        let cluster = self.connect(name, &state)?;
        let failed = ExistingError::cluster(&state.context, &state.server);
        let claim = Claim { cluster: &cluster, environment: name, failed: &failed };
        events
            .phase(Phase::Stop, async {
                claim.release(&state).await?;
                folder.remove()
            })
            .await
    }

    async fn set_component(&self, _: &str, component: &str, _: bool) -> Result<(), ExistingError> {
        Err(ExistingError::Component(component.to_owned()))
    }

    fn namespace_names(&self, environment: &str, namespaces: &[String]) -> Result<BTreeMap<String, String>, ExistingError> {
        let names = match self.folder(environment).read()? {
            Some(state) => state.names,
            None => Names::of(&self.settings, environment)?,
        };
        Ok(namespaces.iter().map(|namespace| (namespace.clone(), names.namespace(namespace))).collect())
    }

    async fn lent(&self, name: &str) -> Result<Option<Environment>, ExistingError> {
        let Some(state) = self.folder(name).read()?.filter(|state| !state.prepared.is_empty()) else { return Ok(None) };
        let cluster = self.connect(name, &state)?;
        let failed = ExistingError::cluster(&state.context, &state.server);
        let claim = Claim { cluster: &cluster, environment: name, failed: &failed };
        // Without our claim nothing was made there in our name.
        match cluster.get(&core("Namespace", "namespaces", false), None, &state.names.home()).await {
            Err(ClusterError::Forbidden { .. }) | Ok(None) => Ok(None),
            Err(error) => Err(failed(error)),
            Ok(Some(_)) => Ok(matches!(claim.is_free(&state).await, Ok(false)).then(|| {
                let home = state.names.home();
                let given: Vec<String> = state.prepared.iter().filter(|namespace| **namespace != home).cloned().collect();
                self.environment(name, &state, &given)
            })),
        }
    }

    /// Nothing is left in somebody else's cluster.
    fn keeps_what_failed(&self) -> bool {
        false
    }

    fn forget(&self, name: &str) -> Result<bool, ExistingError> {
        self.folder(name).remove().map(|()| true)
    }
}
