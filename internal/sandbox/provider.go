package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// provider speaks the provider protocol for one package on one store.
type provider struct {
	plugin.UnimplementedProvider
	pkg   *Package
	store *Store
}

var _ plugin.GrpcProvider = (*provider)(nil)

func (p *provider) Close() error                             { return nil }
func (p *provider) Attach(string) error                      { return nil }
func (p *provider) SignalCancellation(context.Context) error { return nil }

func (p *provider) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version, err := semver.Parse(p.pkg.Version)
	return plugin.PluginInfo{Version: &version}, err
}

func (p *provider) Handshake(context.Context, plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	// The engine strips secrets from what such a provider gets, and marks its
	// outputs secret where inputs were.
	return &plugin.ProviderHandshakeResponse{}, nil
}

func (p *provider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	news := req.News.Copy()
	delete(news, "version")
	problems := p.pkg.config.check(resource.NewProperty(news), "")
	if p.pkg.CheckConfig != nil {
		problems = append(problems, p.pkg.CheckConfig(news)...)
	}
	return plugin.CheckConfigResponse{Properties: req.News, Failures: failures(problems)}, nil
}

func (p *provider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	if req.OldInputs.DeepEquals(req.NewInputs) {
		return plugin.DiffResult{Changes: plugin.DiffNone}, nil
	}
	result := plugin.DiffResult{Changes: plugin.DiffSome}
	if p.pkg.Moves != nil {
		result.ReplaceKeys = p.pkg.Moves(req.OldInputs, req.NewInputs)
	}
	return result, nil
}

func (p *provider) Configure(ctx context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	instanceOf(ctx).config.Store(&req.Inputs)
	return plugin.ConfigureResponse{}, nil
}

func (p *provider) Check(ctx context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	k, err := p.pkg.Kind(string(req.URN.Type()))
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	news := req.News
	if absent(news["name"]) && !absent(req.Olds[invented]) {
		news = news.Copy()
		news["name"], news[invented] = req.Olds["name"], req.Olds[invented] // an invented name stays
	}
	inputs, problems := k.check(req.URN.Name(), req.RandomSeed, news, instanceOf(ctx).configuration())
	return plugin.CheckResponse{Properties: inputs, Failures: failures(problems)}, nil
}

func failures(problems []Problem) []plugin.CheckFailure {
	var out []plugin.CheckFailure
	for _, problem := range problems {
		out = append(out, plugin.CheckFailure{Property: resource.PropertyKey(problem.Path), Reason: problem.Error()})
	}
	return out
}

func (p *provider) Diff(ctx context.Context, req plugin.DiffRequest) (plugin.DiffResponse, error) {
	k, err := p.pkg.Kind(string(req.URN.Type()))
	if err != nil {
		return plugin.DiffResponse{}, err
	}
	return k.diff(req.OldInputs, req.OldOutputs, req.NewInputs, req.IgnoreChanges, instanceOf(ctx).configuration()), nil
}

func (p *provider) Create(ctx context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	o, err := p.object(ctx, req.URN, req.Properties.Copy())
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	for _, check := range o.Kind.Births {
		if err := check(o); err != nil {
			return plugin.CreateResponse{}, fmt.Errorf("error 400: %w", err)
		}
	}
	if req.Preview {
		o.complete(true)
		return plugin.CreateResponse{Properties: o.Props}, nil
	}
	var response plugin.CreateResponse
	err = p.call(ctx, "create", o, req.URN, func() error {
		// what was unknown when it was planned is checked now
		if problems := o.Kind.Check(o.Props); len(problems) > 0 {
			return fmt.Errorf("error 400: %w", Problems(problems))
		}
		id, state, err := p.store.create(o)
		response = plugin.CreateResponse{ID: resource.ID(id), Properties: state, Status: resource.StatusOK}
		return err
	})
	return response, err
}

func (p *provider) Read(ctx context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	o, err := p.object(ctx, req.URN, nil)
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	var response plugin.ReadResponse
	err = p.call(ctx, "read", o, req.URN, func() error {
		if err := p.store.settle(string(req.ID), o); err != nil {
			return err
		}
		id, importing := string(req.ID), len(req.Inputs) == 0 && len(req.State) == 0
		state, exists := p.store.read(o.Kind.Type, id, o.Place)
		if importing && o.Kind.Imports != "" {
			id, state, exists = p.store.imports(o.Kind, id, o.Place)
		}
		if exists {
			response.ReadResult = plugin.ReadResult{ID: resource.ID(id), Inputs: o.Kind.refreshed(req.Inputs, req.State, state), Outputs: state}
		}
		return nil
	})
	return response, err
}

func (p *provider) Update(ctx context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	o, err := p.object(ctx, req.URN, nil)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	o.Props = o.Kind.merge(req.OldInputs, req.OldOutputs, req.NewInputs, req.IgnoreChanges)
	if req.Preview {
		o.complete(false) // what is unknown in the inputs stays so in what follows from them
		return plugin.UpdateResponse{Properties: o.Props}, nil
	}
	var response plugin.UpdateResponse
	err = p.call(ctx, "update", o, req.URN, func() error {
		if problems := o.Kind.Check(req.NewInputs); len(problems) > 0 {
			return fmt.Errorf("error 400: %w", Problems(problems))
		}
		state, err := p.store.update(string(req.ID), o)
		response = plugin.UpdateResponse{Properties: state, Status: resource.StatusOK}
		return err
	})
	return response, err
}

func (p *provider) Delete(ctx context.Context, req plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	o, err := p.object(ctx, req.URN, req.Outputs)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	err = p.call(ctx, "delete", o, req.URN, func() error { return p.store.remove(string(req.ID), o) })
	return plugin.DeleteResponse{}, err
}

func (p *provider) Invoke(ctx context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	result, err := p.pkg.Invoke(p.store, string(req.Tok), req.Args, instanceOf(ctx).configuration())
	return plugin.InvokeResponse{Properties: result}, err
}

func (p *provider) object(ctx context.Context, urn resource.URN, props resource.PropertyMap) (*Object, error) {
	k, err := p.pkg.Kind(string(urn.Type()))
	if err != nil {
		return nil, err
	}
	return &Object{Kind: k, Props: props, Config: instanceOf(ctx).configuration()}, nil
}

// errCut has the code that a lost connection gives: to the engine the outcome is
// unknown, not failed.
var errCut = status.Error(codes.Unavailable, "the connection was lost before the answer came (an injected fault)")

// call runs an operation where the object lives, with the faults that were injected.
func (p *provider) call(ctx context.Context, op string, o *Object, urn resource.URN, do func() error) error {
	place, err := p.store.place(p.pkg, o.Config)
	if err != nil {
		return err
	}
	o.Place = place
	f := p.store.fault(op, string(urn.Type()))
	switch f.Do {
	case "fail":
		return fmt.Errorf("error 503: %s of %s %q failed (an injected fault)", op, urn.Type(), urn.Name())
	case "deny":
		return fmt.Errorf("error 403: %s of %s %q: Authentication error (10000) (an injected fault)", op, urn.Type(), urn.Name())
	case "delay":
		select {
		case <-time.After(f.Delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := do(); err != nil {
		return err
	}
	switch f.Do {
	case "cut":
		return errCut
	case "hang":
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}
