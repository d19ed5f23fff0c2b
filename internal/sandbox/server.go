// Package sandbox simulates clouds for the real Pulumi engine. It serves one
// provider a package over the provider protocol, on one store that all share,
// and is attached with PULUMI_DEBUG_PROVIDERS. What it checks and what it cannot
// is said in docs/sandbox.md.
package sandbox

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// Server serves simulated packages on the loopback interface.
type Server struct {
	servers   []*grpc.Server
	addresses []string
}

// maxMessage is what the engine itself allows a message to be.
const maxMessage = 400 << 20

// Serve starts one provider a package. It ends when ctx does, or with Close.
func Serve(ctx context.Context, store *Store, packages ...*Package) (*Server, error) {
	s := &Server{}
	for _, pkg := range packages {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			s.Close()
			return nil, fmt.Errorf("sandbox: %s: %w", pkg.Name, err)
		}
		server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.StatsHandler(connections{}))
		pulumirpc.RegisterResourceProviderServer(server, detailed{plugin.NewProviderServer(&provider{pkg: pkg, store: store})})
		s.servers = append(s.servers, server)
		s.addresses = append(s.addresses, fmt.Sprintf("%s:%d", pkg.Name, listener.Addr().(*net.TCPAddr).Port))
		go func() { _ = server.Serve(listener) }() // it returns when it is stopped, and then there is nothing to say
	}
	context.AfterFunc(ctx, s.Close)
	return s, nil
}

// detailed tells the engine that a diff has its details: the SDK's server leaves
// the mark out (sdk v3.250.0, providerServer.marshalDiff), and previews would
// name no property.
type detailed struct {
	pulumirpc.ResourceProviderServer
}

func (d detailed) Diff(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	response, err := d.ResourceProviderServer.Diff(ctx, req)
	if response != nil {
		response.HasDetailedDiff = len(response.GetDetailedDiff()) > 0
	}
	return response, err
}

// DebugProviders is the value of PULUMI_DEBUG_PROVIDERS that attaches the engine.
func (s *Server) DebugProviders() string { return strings.Join(s.addresses, ",") }

// Close stops all providers at once.
func (s *Server) Close() {
	for _, server := range s.servers {
		server.Stop()
	}
}

// instance is one configured provider of a program. The engine opens a
// connection for each, and nothing else in a call tells them apart.
type instance struct {
	config atomic.Pointer[resource.PropertyMap]
}

func (i *instance) configuration() resource.PropertyMap {
	if config := i.config.Load(); config != nil {
		return *config
	}
	return nil
}

type instanceKey struct{}

func instanceOf(ctx context.Context) *instance {
	i, _ := ctx.Value(instanceKey{}).(*instance)
	return i
}

// connections gives every connection its instance.
type connections struct{}

func (connections) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, instanceKey{}, &instance{})
}

func (connections) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
func (connections) HandleRPC(context.Context, stats.RPCStats)                       {}
func (connections) HandleConn(context.Context, stats.ConnStats)                     {}
