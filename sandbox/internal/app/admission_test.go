package app

import "testing"

func TestPrivilegedPodsAndWhatMakesThemAreRefused(t *testing.T) {
	const privileged = `{"name":"a","securityContext":{"privileged":true}}`
	for object, want := range map[string]bool{
		`{"spec":{"containers":[{"name":"a"}]}}`:                                              true,
		`{"spec":{"containers":[` + privileged + `]}}`:                                        false,
		`{"spec":{"containers":[{"name":"b"}],"initContainers":[` + privileged + `]}}`:        false,
		`{"spec":{"template":{"spec":{"containers":[` + privileged + `]}}}}`:                  false,
		`{"spec":{"template":{"spec":{"containers":[{"name":"b","securityContext":null}]}}}}`: true,
		`{"data":{"a":"b"}}`: true,
	} {
		r, err := judge([]byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","object":` + object + `}}`))
		if err != nil || r.Response.Allowed != want || r.Response.UID != "u" || r.Request != nil {
			t.Errorf("%s: %+v %v", object, r.Response, err)
		}
	}
	if _, err := judge([]byte(`{"kind":"AdmissionReview"}`)); err == nil {
		t.Error("a review that asks nothing is answered")
	}
}
