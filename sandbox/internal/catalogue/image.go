// Package catalogue says what an image does when a container runs it. It knows the file format and nothing of Kubernetes objects,
// of the runtime that plays an image, or of the network.
package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Image is what the runtime plays when a container uses the image.
type Image struct {
	Pull    metav1.Duration   `json:"pull,omitempty"` // How long a pull takes.
	Size    resource.Quantity `json:"size,omitempty"`
	Absent  bool              `json:"absent,omitempty"`  // The registry says that there is no such image.
	Private *Credential       `json:"private,omitempty"` // A pull needs this secret.

	Entrypoint []string          `json:"entrypoint,omitempty"` // As in the image's own configuration.
	Cmd        []string          `json:"cmd,omitempty"`
	Env        map[string]string `json:"env,omitempty"`
	User       *int64            `json:"user,omitempty"`
	WorkingDir string            `json:"workingDir,omitempty"`
	Files      map[string]string `json:"files,omitempty"`    // Content by absolute path.
	Base       string            `json:"base,omitempty"`     // What it is built on: busybox, alpine, debian, ubuntu or none; it decides on shell, tools and their words.
	Tools      []string          `json:"tools,omitempty"`    // Commands beside the programs and the base's; all that the shell has when there is no base either.
	Programs   []string          `json:"programs,omitempty"` // Command names that mean "the app": they play the behaviour below.

	Ports     []int32           `json:"ports,omitempty"`     // Listening once the start-up time has passed.
	Startup   metav1.Duration   `json:"startup,omitempty"`   // From start to listening.
	NeedsEnv  []string          `json:"needsEnv,omitempty"`  // The app ends with Missing when one is not set.
	NeedsFile []string          `json:"needsFile,omitempty"` // The same for a file.
	Missing   Exit              `json:"missing,omitempty"`   // The log line and exit code then; %s is what is missing.
	Memory    resource.Quantity `json:"memory,omitempty"`    // Working set; over the limit the container is OOMKilled.
	Leak      resource.Quantity `json:"leak,omitempty"`      // Growth per second.
	IdleCPU   resource.Quantity `json:"idleCPU,omitempty"`   // Use without demand.
	Log       []string          `json:"log,omitempty"`
	HTTP      map[string]Answer `json:"http,omitempty"`     // By path.
	CatchAll  bool              `json:"catchAll,omitempty"` // "/" answers for every path that is not listed.
	Exit      *Exit             `json:"exit,omitempty"`     // The app ends by itself.
	Stop      Exit              `json:"stop,omitempty"`     // How the app takes SIGTERM.

	// Unlisted marks the stand-in for an image that the catalogue does not have.
	Unlisted bool `json:"-"`
}

// Exit is an end of the app: when, with which code and last line.
type Exit struct {
	WithArg string `json:"withArg,omitempty"` // Only when the command has this argument.

	After metav1.Duration `json:"after,omitempty"`
	Code  int32           `json:"code,omitempty"`
	Log   string          `json:"log,omitempty"`
}

// Answer is what the app says to a request for a path.
type Answer struct {
	Status    int             `json:"status,omitempty"` // 200 when not given.
	Body      string          `json:"body,omitempty"`
	From      metav1.Duration `json:"from,omitempty"`  // Status 503 before this age.
	Until     metav1.Duration `json:"until,omitempty"` // Then after this age; 0 is never.
	Then      int             `json:"then,omitempty"`
	Delay     metav1.Duration `json:"delay,omitempty"`
	NeedsFile string          `json:"needsFile,omitempty"` // Status 503 without it.
}

// Credential is what a pull secret must hold.
type Credential struct {
	Username string `json:"username"`
	Password string `json:"password"`
}
