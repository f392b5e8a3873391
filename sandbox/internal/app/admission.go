package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// review is an AdmissionReview, as far as it is read and answered here.
type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *asked    `json:"request,omitempty"`
	Response   *answered `json:"response,omitempty"`
}

type asked struct {
	UID    string `json:"uid"`
	Object struct {
		Spec struct {
			podSpec
			Template struct {
				Spec podSpec `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
	} `json:"object"`
}

type answered struct {
	UID     string  `json:"uid"`
	Allowed bool    `json:"allowed"`
	Status  *status `json:"status,omitempty"`
}

type status struct {
	Message string `json:"message"`
	Code    int32  `json:"code"`
}

type podSpec struct {
	Containers          []container `json:"containers"`
	InitContainers      []container `json:"initContainers"`
	EphemeralContainers []container `json:"ephemeralContainers"`
}

type container struct {
	Name            string `json:"name"`
	SecurityContext struct {
		Privileged bool `json:"privileged"`
	} `json:"securityContext"`
}

// privileged is the first privileged container of a Pod.
func (s podSpec) privileged() string {
	for _, all := range [][]container{s.Containers, s.InitContainers, s.EphemeralContainers} {
		for _, c := range all {
			if c.SecurityContext.Privileged {
				return c.Name
			}
		}
	}
	return ""
}

// judge answers an AdmissionReview: Pods with privileged containers are refused, and what would make them.
func judge(body []byte) (review, error) {
	var r review
	if err := json.Unmarshal(body, &r); err != nil {
		return r, fmt.Errorf("read the review: %w", err)
	}
	if r.Request == nil {
		return r, fmt.Errorf("a review without a request")
	}
	r.Response = &answered{UID: r.Request.UID, Allowed: true}
	spec := r.Request.Object.Spec
	name := spec.privileged()
	if name == "" {
		name = spec.Template.Spec.privileged()
	}
	if name != "" {
		message := fmt.Sprintf("privileged containers are not allowed (container %q)", name)
		r.Response.Allowed, r.Response.Status = false, &status{Message: message, Code: http.StatusForbidden}
	}
	r.Request = nil
	return r, nil
}

// admissionReply is what an admission webhook answers to the API server.
func admissionReply(s Server, req *http.Request) (catalogue.Reply, bool) {
	if s.Image().Speaks != catalogue.Admission || req.Method != http.MethodPost {
		return catalogue.Reply{}, false
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, mostBody))
	if err != nil {
		return catalogue.Reply{}, false
	}
	r, err := judge(body)
	if err != nil {
		return catalogue.Reply{Status: http.StatusBadRequest, Body: err.Error() + "\n", Type: "text/plain"}, true
	}
	if !r.Response.Allowed {
		s.Print("stdout", expand(s, "{time:2006-01-02T15:04:05.000Z} INFO refused: ")+r.Response.Status.Message)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return catalogue.Reply{}, false
	}
	return catalogue.Reply{Status: http.StatusOK, Body: string(text), Type: "application/json"}, true
}
