package oci

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"kubedrill.dev/sandbox/internal/catalogue"
)

// tokenPath is where clients change an account for a token, as with the big public registries: their clients' error texts come from that.
const tokenPath = "/v2/token"

// tokens are made from accounts and told apart without remembering them.
type tokens struct{ key []byte }

func newTokens() (tokens, error) {
	key := make([]byte, sha256.Size)
	_, err := rand.Read(key)
	return tokens{key}, err
}

func (t tokens) of(username, password string) string {
	mac := hmac.New(sha256.New, t.key)
	fmt.Fprintf(mac, "%s\x00%s", username, password)
	return hex.EncodeToString(mac.Sum(nil))
}

// allow tells whether a request bears the token of an account.
func (t tokens) allow(req *http.Request, account *catalogue.Credential) bool {
	token, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	return ok && hmac.Equal([]byte(token), []byte(t.of(account.Username, account.Password)))
}

// challenge asks for a token; who has one already is told that it is not enough.
func (r *Registry) challenge(w http.ResponseWriter, req *http.Request, name string) {
	text := fmt.Sprintf(`Bearer realm="http://%s%s",service="kubedrill"`, req.Host, tokenPath)
	if name != "" {
		text += fmt.Sprintf(`,scope="repository:%s:pull"`, name)
	}
	if req.Header.Get("Authorization") != "" {
		text += `,error="insufficient_scope"`
	}
	w.Header().Set("WWW-Authenticate", text)
	refusal(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
}

// serveToken gives a token to whoever names one of the catalogue's accounts, and an empty one to who names none.
func (r *Registry) serveToken(w http.ResponseWriter, req *http.Request) {
	username, password, named := req.BasicAuth()
	token := "anonymous"
	if named {
		if !r.builder.catalogue.HasAccount(username, password) {
			refusal(w, http.StatusUnauthorized, "UNAUTHORIZED", "incorrect username or password")
			return
		}
		token = r.tokens.of(username, password)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"token": token, "expires_in": 300})
}
