// Package catalogue says what an image does when a container runs it. It knows the file format and nothing of Kubernetes objects,
// of the runtime that plays an image, or of the network. The format is described in docs/images.md.
package catalogue

import (
	"k8s.io/apimachinery/pkg/api/resource"
)

const (
	// Elasticsearch is what an image speaks that keeps documents.
	Elasticsearch = "elasticsearch"
	// Admission is what an image speaks that the API server asks about objects before it takes them.
	Admission = "admission"
	// FluentBit is what an image acts that ships logs.
	FluentBit = "fluent-bit"
	// Nginx is what an image acts whose answers are those of its nginx configuration, once that is not the image's own any more.
	Nginx = "nginx"
)

// Image is what the runtime plays when a container uses the image. Texts may hold placeholders, see Expand.
type Image struct {
	Tags    []string          `json:"tags,omitempty"`    // The entry is a whole repository: these tags exist, * stands for any text.
	Version string            `json:"version,omitempty"` // What {version} is when the tag does not say.
	Digest  string            `json:"digest,omitempty"`  // sha256:…; made up from the reference when empty.
	Pull    Duration          `json:"pull,omitempty"`    // How long a pull takes.
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

	Ports       []int32           `json:"ports,omitempty"`       // Listening once the start-up time has passed.
	PortFrom    []Source          `json:"portFrom,omitempty"`    // Arguments and variables that change the first port.
	Speaks      string            `json:"speaks,omitempty"`      // http when empty; redis; elasticsearch, which is HTTP with documents; admission, which is HTTP and judges objects; or tcp, which takes a connection and says nothing.
	Certificate string            `json:"certificate,omitempty"` // The folder of tls.crt and tls.key: what is HTTP is spoken over TLS.
	Acts        string            `json:"acts,omitempty"`        // fluent-bit also follows the node's logs and sends them as its configuration says; nginx does what its configuration says.
	Startup     Duration          `json:"startup,omitempty"`     // From start to listening.
	NeedsEnv    []string          `json:"needsEnv,omitempty"`    // The app ends with Missing when one is not set; "A|B=x" is A, or B with the value x.
	NeedsFile   []string          `json:"needsFile,omitempty"`   // The same for a file.
	Missing     Exit              `json:"missing,omitempty"`     // The log line and exit code then; %s is what is missing.
	Memory      resource.Quantity `json:"memory,omitempty"`      // Working set; over the limit the container is OOMKilled.
	MemoryArg   string            `json:"memoryArg,omitempty"`   // An argument that says how much memory: --vm-bytes 250M.
	Leak        resource.Quantity `json:"leak,omitempty"`        // Growth per second.
	IdleCPU     resource.Quantity `json:"idleCPU,omitempty"`     // Use without demand.
	PerCall     Duration          `json:"perCall,omitempty"`     // CPU time that each request costs.
	Log         []string          `json:"log,omitempty"`         // Written at the start.
	Listening   []string          `json:"listening,omitempty"`   // Written when the ports are open.
	Every       []Repeat          `json:"every,omitempty"`       // Written again and again.
	AccessLog   string            `json:"accessLog,omitempty"`   // Written for each request; {method}, {path}, {status}, {size}, {remote} and {agent} are the request's.
	HTTP        map[string]Answer `json:"http,omitempty"`        // By path; a path that ends in * stands for all that begin so.
	CatchAll    bool              `json:"catchAll,omitempty"`    // "/" answers for every path that is not listed.
	DocRoot     string            `json:"docRoot,omitempty"`     // Paths that are not listed are files in this folder of the container.
	NotFound    string            `json:"notFound,omitempty"`    // The body of a 404.
	Headers     map[string]string `json:"headers,omitempty"`     // Of every answer.
	Exit        *Exit             `json:"exit,omitempty"`        // The app ends by itself.
	Stop        Exit              `json:"stop,omitempty"`        // How the app takes SIGTERM.

	variants map[string]*Image // What it is instead when its command has a word.

	// Unlisted marks the stand-in for an image that the catalogue does not have.
	Unlisted bool `json:"-"`
	// Tag is the one that was asked for.
	Tag string `json:"-"`
}

// Source is where a setting comes from: an argument ("-listen", with its value after = or in the next word) or a variable.
type Source struct {
	Arg string `json:"arg,omitempty"`
	Env string `json:"env,omitempty"`
}

// Repeat is a line of the log that comes again and again.
type Repeat struct {
	After Duration `json:"after"`
	Log   string   `json:"log"`
}

// Exit is an end of the app: when, with which code and last line.
type Exit struct {
	WithArg string `json:"withArg,omitempty"` // Only when the command has this argument.

	After Duration `json:"after,omitempty"`
	Code  int32    `json:"code,omitempty"`
	Log   string   `json:"log,omitempty"`
}

// Answer is what the app says to a request for a path.
type Answer struct {
	Status    int      `json:"status,omitempty"` // 200 when not given.
	Body      string   `json:"body,omitempty"`
	Type      string   `json:"type,omitempty"`     // The content type; text/plain when not given.
	Location  string   `json:"location,omitempty"` // Of a redirect.
	From      Duration `json:"from,omitempty"`     // Status 503 before this age.
	Until     Duration `json:"until,omitempty"`    // Then after this age; 0 is never.
	Then      int      `json:"then,omitempty"`
	Delay     Duration `json:"delay,omitempty"`
	NeedsFile string   `json:"needsFile,omitempty"` // Status 503 without it.
	Upstream  string   `json:"upstream,omitempty"`  // A URL whose answer is passed on; status 502 when it cannot be reached.
}

// Credential is what a pull secret must hold.
type Credential struct {
	Username string `json:"username"`
	Password string `json:"password"`
}
