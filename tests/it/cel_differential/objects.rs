use serde_json::json;

use super::table::{Section, Table};

impl Table {
    pub(super) fn objects(&mut self) {
        let object = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "web-1", "namespace": "상점", "labels": {"app": "web", "app.kubernetes.io/name": "웹"}, "generation": 3, "annotations": {}},
            "spec": {
                "nodeName": "node-1", "priority": null,
                "containers": [
                    {"name": "app", "image": "nginx:1.27", "ports": [{"containerPort": 80}], "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1"}}},
                    {"name": "log", "image": "busybox", "resources": {}, "env": [{"name": "이름", "value": "값"}]}
                ]
            },
            "status": {"phase": "Running", "podIP": "10.1.2.3", "restarts": 0, "ready": true, "load": 0.5}
        });
        let bindings = json!({"object": object, "pods": [object, {"metadata": {"name": "other"}, "spec": {"containers": []}}], "nothing": null, "list": [], "text": "x", "number": 1});
        let paths = [
            "object.metadata.name",
            "object.metadata.labels['app.kubernetes.io/name']",
            "object.metadata.missing",
            "object.missing.deeper",
            "object.spec.priority",
            "object.spec.priority.value",
            "object.spec.containers[0].image",
            "object.spec.containers[5]",
            "object.spec.containers[-1]",
            "object.spec['containers'][1].name",
            "object.metadata.labels.app",
            "object.metadata.labels['none']",
            "object.status.ready",
            "object.status.load",
            "object.metadata.generation",
            "nothing.a",
            "list[0]",
            "object.spec.containers",
            "object.metadata.annotations",
            "object.kind.deeper",
            "object.metadata.generation.deeper",
        ];
        for path in paths {
            let (parent, field) = path.rsplit_once('.').unwrap_or((path, ""));
            let mut asked = vec![
                path.to_owned(),
                format!("type({path})"),
                format!("{path} == 'web'"),
                format!("{path} == null"),
                format!("{path} != 3"),
                format!("size({path})"),
                format!("[{path}].size()"),
                format!("{path} == {path}"),
                format!("string({path})"),
                format!("{path} > 1"),
                format!("{path} in ['web', 'app']"),
                format!("true || {path} == 1"),
                format!("{path} == 1 || true"),
                format!("false && {path} == 1"),
                format!("{path} == 1 ? 'a' : 'b'"),
                format!("!{path}"),
                format!("{path} + 1"),
                format!("{path}.exists(x, true)"),
                format!("{path}.all(x, x == 'app' || x != null)"),
            ];
            // The name of its type is that of a variable here.
            asked.retain(|expression| expression != "type(object.spec.containers)");
            if path.contains('.') && !path.ends_with(']') {
                asked.push(format!("has({path})"));
                asked.push(format!("{}.?{field}.hasValue()", parent));
                asked.push(format!("{}.?{field}.orValue('없음')", parent));
                asked.push(format!("'{field}' in {parent}"));
                asked.push(format!("{}[?'{field}'].orValue(0)", parent));
            }
            for expression in asked {
                self.add(Section::Language, expression, bindings.clone());
            }
        }
        for expression in [
            "object.?status.?conditions.hasValue()",
            "object.?status.?conditions.orValue([]).size()",
            "object.?status.?phase.value()",
            "object.?a.?b.?c.value()",
            "optional.of(1).hasValue()",
            "optional.none().hasValue()",
            "optional.none().value()",
            "optional.ofNonZeroValue('').hasValue()",
            "optional.ofNonZeroValue(1).value()",
            "optional.of(1).or(optional.of(2)).value()",
            "optional.none().or(optional.of(2)).value()",
            "[?object.?a, ?object.?kind].size()",
            "{?'a': object.?kind}",
            "object.?metadata.labels.app",
            "object.?metadata.?labels['app'].orValue('')",
            "optional.of(1) == optional.of(1)",
            "optional.none() == optional.none()",
            "pods.all(p, p.status.ready)",
            "pods.exists(p, p.status.ready)",
            "pods.exists(p, p.metadata.name == 'other')",
            "pods.all(p, has(p.metadata.name))",
            "pods.exists_one(p, p.metadata.name == 'other')",
            "pods.map(p, p.metadata.name)",
            "pods.filter(p, has(p.status)).size()",
            "pods.map(p, has(p.status), p.metadata.name)",
            "pods.map(p, p.spec.containers.map(c, c.name))",
            "pods.map(p, p.spec.containers.map(c, c.name)).flatten()",
            "pods.all(p, p.spec.containers.all(c, has(c.resources.limits)))",
            "pods.all(p, p.spec.containers.all(c, c.resources.limits.cpu != ''))",
            "object.metadata.labels.all(k, k.startsWith('app'))",
            "object.metadata.labels.exists(k, object.metadata.labels[k] == '웹')",
            "object.spec.containers.map(c, has(c.resources.requests), quantity(c.resources.requests.memory))[0].compareTo(quantity('64Mi'))",
            "object.spec.containers.all(c, !has(c.resources.requests) || quantity(c.resources.requests.cpu).isLessThan(quantity('1')))",
            "object.spec.containers.exists(c, quantity(c.resources.limits.cpu).isGreaterThan(quantity('500m')))",
            "object.spec.containers.filter(c, c.?env.orValue([]).exists(e, e.name == '이름')).map(c, c.name)",
            "cidr('10.0.0.0/8').containsIP(object.status.podIP)",
            "object.metadata.namespace.size()",
            "object.metadata.namespace + '-' + object.metadata.name",
            "size(object.metadata.labels)",
            "object.metadata.labels == {'app': 'web', 'app.kubernetes.io/name': '웹'}",
            "object.spec.containers[0].ports[0].containerPort == 80",
            "object.spec.containers[0].ports[0].containerPort + 1",
            "object.status.load * 2.0",
            "object.status.load + 1",
            "object.status.restarts < 1 && object.status.phase == 'Running'",
            "object == object",
            "pods[0] == object",
            "pods[1] == object",
            "object in pods",
            "nothing == null",
            "nothing",
            "type(nothing)",
            "object.status.phase in ['Running', 'Succeeded']",
            "'app' in object.metadata.labels",
            "'x' in object.metadata.labels",
            "object.spec.containers.map(c, c.image.split(':')[0])",
            "object.spec.containers.map(c, c.image.split(':')[1])",
            "object.metadata.name.matches('^web-[0-9]+$')",
            "object.metadata.name.find('[0-9]+')",
            "pods.map(p, p.metadata.name).sort()",
            "pods.map(p, p.metadata.name).indexOf('other')",
            "pods.map(p, size(p.spec.containers)).sum()",
            "pods.map(p, size(p.spec.containers)).max()",
            "pods.sortBy(p, p.metadata.name)[0].metadata.name",
            "sets.contains(pods.map(p, p.metadata.name), ['web-1'])",
            "format.dns1123Label().validate(object.metadata.namespace).hasValue()",
            "has(object.spec.priority)",
            "object.spec.?priority.hasValue()",
            "1 / (number - 1) == 0 || true",
            "true || 1 / (number - 1) == 0",
            "1 / (number - 1) == 0 && false",
            "1 / (number - 1) == 0",
            "number / 0",
            "number % 0",
            "[1, 2, 3].all(x, x / (x - number) >= 0)",
            "[1, 2, 3].exists(x, x / (x - number) == 2)",
            "{'가': 1}['가']",
            "{'a': 1}.a",
            "{1: 'a'}[1]",
            "{1: 'a'}[dyn(1.0)]",
            "[1, 2][dyn(1.0)]",
            "[1, 2][dyn(1u)]",
            "{'a': 1, 'a': 2}",
            "{dyn('a'): 1}.b",
            "dyn(1) == dyn(1.0)",
            "dyn(1) == dyn('1')",
            "dyn([1]) == dyn([1.0])",
            "dyn({'a': 1}) == dyn({'a': 1u})",
            "dyn(null) == dyn(0)",
            "type(1) == int",
            "type(dyn([])) == list",
            "type(type(1)) == type",
            "undeclared",
            "undeclared.field",
            "undeclared()",
            "text.undeclared()",
            "number ==",
            "'unclosed",
            "a b",
            "object.",
            "1 +",
            "[1, ",
            "text.size(1)",
            "size()",
            "size(1)",
            "object.spec.containers.map(c)",
        ] {
            self.add(Section::Language, expression, bindings.clone());
        }
    }
}
