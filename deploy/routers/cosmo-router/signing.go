// Package signing signs each call of a Cosmo Router as our subgraphs want it:
// strates-signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body">. For a build of one's own, which imports it beside routercmd.
package signing

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/wundergraph/cosmo/router/core"
)

func init() {
	core.RegisterModule(&Module{})
}

// Module is asked before each call of a subgraph.
type Module struct {
	secret string
}

// Signature is the value of the header for a body, at a moment in seconds since 1970.
func Signature(secret string, body []byte, seconds int64) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.", seconds)
	mac.Write(body)
	return fmt.Sprintf("t=%d,v1=%s", seconds, hex.EncodeToString(mac.Sum(nil)))
}

// Provision stops a router that has nothing to sign with.
func (m *Module) Provision(_ *core.ModuleContext) error {
	m.secret = os.Getenv("STRATES_SUBGRAPH_SECRET")
	if m.secret == "" {
		return errors.New("STRATES_SUBGRAPH_SECRET is not set")
	}
	return nil
}

// OnOriginRequest reads the body, which it then gives back, and signs it.
func (m *Module) OnOriginRequest(request *http.Request, _ core.RequestContext) (*http.Request, *http.Response) {
	if request.Body == nil {
		return request, nil
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return request, nil
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	request.Header.Set("strates-signature", Signature(m.secret, body, time.Now().Unix()))
	return request, nil
}

// Module names it, and makes one.
func (m *Module) Module() core.ModuleInfo {
	return core.ModuleInfo{ID: "stratesSigning", New: func() core.Module { return &Module{} }}
}

var (
	_ core.EnginePreOriginHandler = (*Module)(nil)
	_ core.Provisioner            = (*Module)(nil)
)
