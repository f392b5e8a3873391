use super::{ExistingError, ExistingSettings};
use crate::{
    cluster::{Cluster, copy_context},
    provider::{Finding, files::FileError},
    text::Text,
};

/// Whether the named context leads to a cluster, and whether namespaces can be made there. Reads only.
pub async fn findings(settings: &ExistingSettings) -> Vec<Finding> {
    let Some(context) = &settings.context else {
        return vec![Finding::bad(
            Text::new("컨텍스트를 지정하지 않았습니다", "no context is named"),
            Text::new(
                "`--provider existing --context 이름`을 붙여 다시 실행하세요. 지정하기 전에는 kubeconfig를 읽지 않습니다",
                "run it again with `--provider existing --context NAME`; before that, no kubeconfig is read",
            ),
        )];
    };
    match look(settings, context).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::bad(
            Text::new(
                format!("컨텍스트 `{context}`을(를) 쓸 수 없습니다: {error}"),
                format!("the context `{context}` cannot be used: {error}"),
            ),
            Text::new("kubectl로 그 컨텍스트가 동작하는지 먼저 확인하세요", "see first that the context works with kubectl"),
        )],
    }
}

async fn look(settings: &ExistingSettings, context: &str) -> Result<Vec<Finding>, ExistingError> {
    let copy = copy_context(&settings.kubeconfig, context)?;
    let file = tempfile::NamedTempFile::new().map_err(FileError::new("make a file in", std::env::temp_dir()))?;
    std::fs::write(file.path(), &copy.text).map_err(FileError::new("write", file.path()))?;
    let failed = ExistingError::cluster(context, &copy.server);
    let cluster = Cluster::connect(file.path()).map_err(&failed)?;
    let version = cluster.version().await.map_err(&failed)?;
    let makes = cluster.may("create", "", "namespaces", None).await.map_err(&failed)?;
    let there = Finding::good(format!("{}: 쿠버네티스 {version}", copy.server), format!("{}: Kubernetes {version}", copy.server));
    let namespaces = if makes {
        Finding::good("네임스페이스를 만들 수 있습니다", "namespaces can be made")
    } else {
        Finding::note(
            Text::new("네임스페이스를 만들 수 없어 준비된 것만 씁니다", "namespaces cannot be made: only prepared ones are used"),
            Text::new(
                "`kubedrill prepare --for 학습자 --user 사용자 ID`의 출력을 클러스터 관리자에게 적용해 달라고 하세요",
                "ask the cluster's administrator to apply what `kubedrill prepare --for LEARNER --user YOU ID` prints",
            ),
        )
    };
    Ok(vec![there, namespaces])
}
