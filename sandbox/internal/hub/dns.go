package hub

import (
	"net"
	"slices"
	"strconv"
	"strings"

	v1 "k8s.io/api/core/v1"

	"kubedrill.dev/sandbox/internal/serving"
	"kubedrill.dev/sandbox/internal/shell"
)

const (
	clusterDomain = "cluster.local"
	dnsAddress    = "10.96.0.10"
	defaultNdots  = 5
)

// resolve answers as the resolver of a Pod would: search domains first for a name with few dots, then cluster DNS.
// A nil pod is somebody outside, who asks from the namespace default.
func (w *world) resolve(pod *v1.Pod, name string) (shell.Answer, bool) {
	search, ndots := []string{"default.svc." + clusterDomain, "svc." + clusterDomain, clusterDomain}, defaultNdots
	if pod != nil {
		var ok bool
		if search, ndots, ok = resolver(pod); !ok {
			return shell.Answer{}, false
		}
	}
	absolute := strings.TrimSuffix(name, ".")
	if absolute != name {
		return w.lookup(absolute, 0)
	}
	var tries []string
	for _, domain := range search {
		tries = append(tries, name+"."+domain)
	}
	if strings.Count(name, ".") >= ndots {
		tries = append([]string{name}, tries...)
	} else {
		tries = append(tries, name)
	}
	for _, full := range tries {
		if answer, ok := w.lookup(full, 0); ok {
			return answer, true
		}
	}
	return shell.Answer{}, false
}

// resolver is the Pod's resolv.conf; ok is false when it does not ask cluster DNS.
func resolver(p *v1.Pod) (search []string, ndots int, ok bool) {
	ndots = 1
	switch policy := p.Spec.DNSPolicy; {
	case policy == v1.DNSClusterFirstWithHostNet, (policy == v1.DNSClusterFirst || policy == "") && !p.Spec.HostNetwork:
		search, ndots, ok = []string{p.Namespace + ".svc." + clusterDomain, "svc." + clusterDomain, clusterDomain}, defaultNdots, true
	}
	if c := p.Spec.DNSConfig; c != nil {
		ok = ok || slices.Contains(c.Nameservers, dnsAddress)
		search = append(search, c.Searches...)
		for _, o := range c.Options {
			if o.Name == "ndots" && o.Value != nil {
				if n, err := strconv.Atoi(*o.Value); err == nil {
					ndots = n
				}
			}
		}
	}
	return search, ndots, ok
}

// maxAliases bounds a chain of ExternalName Services.
const maxAliases = 8

// lookup answers for a full name; there is nothing outside the cluster.
func (w *world) lookup(full string, aliases int) (shell.Answer, bool) {
	inside, ok := strings.CutSuffix(strings.ToLower(full), "."+clusterDomain)
	if !ok || aliases > maxAliases {
		return shell.Answer{}, false
	}
	parts := strings.Split(inside, ".")
	answer := shell.Answer{Name: strings.ToLower(full)}
	switch {
	case len(parts) == 3 && parts[2] == "svc":
		return w.lookupService(answer, w.services[parts[1]+"/"+parts[0]], aliases)
	case len(parts) == 4 && parts[3] == "svc":
		answer.Addresses = w.hostname(w.services[parts[2]+"/"+parts[1]], parts[0])
	case len(parts) == 3 && parts[2] == "pod" && w.namespaces[parts[1]] != nil:
		if ip := strings.ReplaceAll(parts[0], "-", "."); net.ParseIP(ip) != nil {
			answer.Addresses = []string{ip}
		}
	}
	return answer, len(answer.Addresses) > 0
}

func (w *world) lookupService(answer shell.Answer, s *v1.Service, aliases int) (shell.Answer, bool) {
	switch {
	case s == nil:
		return answer, false
	case s.Spec.Type == v1.ServiceTypeExternalName:
		answer.CNAME = strings.TrimSuffix(s.Spec.ExternalName, ".")
		if target, ok := w.lookup(answer.CNAME, aliases+1); ok {
			answer.Addresses = target.Addresses
		}
		return answer, true
	case s.Spec.ClusterIP != v1.ClusterIPNone:
		answer.Addresses = []string{s.Spec.ClusterIP}
		return answer, s.Spec.ClusterIP != ""
	}
	for _, slice := range w.objects().Endpoints(s) {
		for _, e := range slice.Endpoints {
			if serving.IsReady(e) {
				answer.Addresses = append(answer.Addresses, e.Addresses...)
			}
		}
	}
	return answer, len(answer.Addresses) > 0
}

// hostname finds the endpoints of a Service that have a host name of their own: Pods of a StatefulSet, or with spec.hostname and spec.subdomain.
func (w *world) hostname(s *v1.Service, name string) (addresses []string) {
	if s == nil {
		return nil
	}
	for _, slice := range w.objects().Endpoints(s) {
		for _, e := range slice.Endpoints {
			if !serving.IsReady(e) {
				continue
			}
			for _, a := range e.Addresses {
				if e.Hostname != nil && *e.Hostname == name || e.Hostname == nil && s.Spec.ClusterIP == v1.ClusterIPNone && strings.ReplaceAll(a, ".", "-") == name {
					addresses = append(addresses, a)
				}
			}
		}
	}
	return addresses
}
