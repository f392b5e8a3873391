use serde::{Deserialize, Serialize};

use crate::{scenario::Category, text::Text};

/// When a checklist is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Before a deployment.
    PreDeploy,
    /// After a deployment.
    PostDeploy,
    /// Again and again.
    Periodic,
}

/// An item of the checklists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Item {
    /// Requests and limits.
    P1,
    /// Probes.
    P2,
    /// Security contexts.
    P3,
    /// RBAC.
    P4,
    /// Image tags.
    P5,
    /// Backups of data.
    P6,
    /// Monitoring.
    Q1,
    /// Logs.
    Q2,
    /// Alerts.
    Q3,
    /// Autoscaling.
    Q4,
    /// Network policies.
    Q5,
    /// Backups of etcd.
    T1,
    /// Certificates.
    T2,
    /// Resource usage.
    T3,
    /// Versions and patches.
    T4,
    /// Permissions.
    T5,
}

impl Phase {
    /// The checklists in their order.
    pub const ALL: [Self; 3] = [Self::PreDeploy, Self::PostDeploy, Self::Periodic];

    /// Its name.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::PreDeploy => Text::new("배포 전", "Before a deployment"),
            Self::PostDeploy => Text::new("배포 후", "After a deployment"),
            Self::Periodic => Text::new("정기 점검", "Periodic"),
        }
    }
}

impl Item {
    /// The items in their order.
    pub const ALL: [Self; 16] = [
        Self::P1,
        Self::P2,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::Q1,
        Self::Q2,
        Self::Q3,
        Self::Q4,
        Self::Q5,
        Self::T1,
        Self::T2,
        Self::T3,
        Self::T4,
        Self::T5,
    ];

    /// Its checklist.
    #[must_use]
    pub fn phase(self) -> Phase {
        match self {
            Self::P1 | Self::P2 | Self::P3 | Self::P4 | Self::P5 | Self::P6 => Phase::PreDeploy,
            Self::Q1 | Self::Q2 | Self::Q3 | Self::Q4 | Self::Q5 => Phase::PostDeploy,
            Self::T1 | Self::T2 | Self::T3 | Self::T4 | Self::T5 => Phase::Periodic,
        }
    }

    /// The rubric's category.
    #[must_use]
    pub fn category(self) -> Category {
        match self {
            Self::P1 | Self::Q1 | Self::Q2 | Self::Q3 | Self::Q4 | Self::T3 => Category::Operability,
            Self::P2 | Self::P5 | Self::P6 | Self::T1 => Category::Reliability,
            Self::P3 | Self::P4 | Self::Q5 | Self::T2 | Self::T4 | Self::T5 => Category::Security,
        }
    }

    /// What it asks for.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::P1 => Text::new("리소스 requests/limits 설정", "Requests and limits are set"),
            Self::P2 => Text::new("liveness/readiness 프로브 설정", "Liveness and readiness probes"),
            Self::P3 => Text::new("SecurityContext 적용", "Security contexts"),
            Self::P4 => Text::new("RBAC 최소 권한", "RBAC grants the least"),
            Self::P5 => Text::new("이미지 태그 명시(latest 금지)", "Image tags are explicit, none is latest"),
            Self::P6 => Text::new("백업 전략", "Backups of data"),
            Self::Q1 => Text::new("모니터링 대시보드 확인", "Monitoring sees every application"),
            Self::Q2 => Text::new("로그 수집 확인", "Logs are collected"),
            Self::Q3 => Text::new("알림 설정", "Alerts are set up"),
            Self::Q4 => Text::new("HPA 동작 확인", "Autoscaling works"),
            Self::Q5 => Text::new("네트워크 정책 검증", "Network policies"),
            Self::T1 => Text::new("etcd 백업 검증", "Backups of etcd are verified"),
            Self::T2 => Text::new("인증서 만료 확인", "Certificates are far from expiry"),
            Self::T3 => Text::new("리소스 사용량 모니터링", "Resource usage is in bounds"),
            Self::T4 => Text::new("보안 패치 적용", "Versions are supported and patched"),
            Self::T5 => Text::new("권한 검토", "Permissions are reviewed"),
        }
    }

    /// What no cluster shows and a person must look at besides.
    #[must_use]
    pub fn for_a_person(self) -> Option<Text> {
        Some(match self {
            Self::P6 => Text::new(
                "복구 목표(RPO/RTO)와 복구 절차가 적힌 백업 계획 문서",
                "A written backup plan with recovery targets (RPO, RTO) and the way back",
            ),
            Self::Q1 => Text::new("배포 후 대시보드를 실제로 열어 보았는가", "Somebody has looked at the dashboards after the deployment"),
            Self::Q2 => {
                Text::new("새 파드의 로그 한 줄을 저장소에서 찾아보았는가", "A line of a new pod's log was found where logs are stored")
            }
            Self::Q3 => Text::new("시험 알림이 담당자에게 도착했는가", "A test alert has reached whoever is on call"),
            Self::Q5 => Text::new(
                "CNI가 정책을 실제로 적용하는가, 의도한 통신 표와 일치하는가",
                "The network plugin enforces policies, and they match the intended table of flows",
            ),
            Self::T2 => Text::new(
                "kubelet과 front-proxy 클라이언트 인증서(`kubeadm certs check-expiration`, 노드의 `/var/lib/kubelet/pki`)",
                "Client certificates of the kubelets and the front proxy (`kubeadm certs check-expiration`, `/var/lib/kubelet/pki` on the nodes)",
            ),
            Self::T3 => Text::new("볼륨 사용률(PVC 85% 미만)과 노드 디스크", "How full volumes (below 85 %) and the nodes' disks are"),
            Self::T4 => Text::new("이미지 취약점 스캔 결과와 노드 OS 패치", "Reports of image scans, and patches of the nodes' systems"),
            Self::T5 => {
                Text::new("지난 점검과의 차이를 보고 검토자가 서명했는가", "A reviewer has compared with the last review and signed")
            }
            _ => return None,
        })
    }
}
