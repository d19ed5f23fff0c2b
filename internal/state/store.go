package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	"google.golang.org/api/storage/v1"
)

// ErrManaged says that the backend is a service that keeps locks to itself.
var ErrManaged = errors.New("this backend is no folder and no bucket")

// Object is a file of a backend.
type Object struct {
	Key      string // Key is its path, with slashes.
	Modified time.Time
}

// Store is what a folder and a bucket have in common.
type Store interface {
	// List is what begins with prefix. An empty answer is no error.
	List(ctx context.Context, prefix string) ([]Object, error)
	// Read fails with [fs.ErrNotExist] for what is not there.
	Read(ctx context.Context, key string) ([]byte, error)
}

// emulator is the variable by which Google's own clients, and so the CLI, are
// pointed at an emulator, as "127.0.0.1:4443" or with a scheme.
const emulator = "STORAGE_EMULATOR_HOST"

// Open opens the backend that PULUMI_BACKEND_URL names: file://FOLDER or
// gs://BUCKET[/FOLDER]. It fails with [ErrManaged] for a service, and by name for
// buckets of other clouds.
func Open(ctx context.Context, backend string) (Store, error) {
	scheme, rest, _ := strings.Cut(backend, "://")
	switch scheme {
	case "file":
		return openFolder(rest)
	case "gs":
		return openBucket(ctx, backend)
	case "https", "http":
		return nil, ErrManaged
	}
	return nil, fmt.Errorf("the backend %s is none that is read here: want file:// or gs://; the locks are in it below %s",
		backend, LockDir("PROJECT", "STACK"))
}

type folder string

// openFolder takes a path as the CLI does: ~ is the home, and what follows a "?"
// are options.
func openFolder(path string) (Store, error) {
	path, _, _ = strings.Cut(path, "?")
	if path == "~" || strings.HasPrefix(path, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(home, path[1:])
	}
	abs, err := filepath.Abs(path)
	return folder(abs), err
}

func (f folder) path(key string) string { return filepath.Join(string(f), filepath.FromSlash(key)) }

// List lists one folder: prefix ends with a slash.
func (f folder) List(_ context.Context, prefix string) ([]Object, error) {
	entries, err := os.ReadDir(f.path(prefix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var objects []Object
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || info.IsDir() {
			continue // it went away in this moment, or is no file
		}
		objects = append(objects, Object{Key: prefix + entry.Name(), Modified: info.ModTime()})
	}
	return objects, nil
}

func (f folder) Read(_ context.Context, key string) ([]byte, error) { return os.ReadFile(f.path(key)) }

type bucket struct {
	objects *storage.ObjectsService
	name    string
	below   string // below is the folder in the bucket, "" or with a slash at its end
}

func openBucket(ctx context.Context, backend string) (Store, error) {
	u, err := url.Parse(backend)
	if err != nil {
		return nil, err
	}
	opts := []option.ClientOption{option.WithScopes(storage.DevstorageReadOnlyScope)}
	if host := os.Getenv(emulator); host != "" {
		if !strings.Contains(host, "://") {
			host = "http://" + host
		}
		opts = []option.ClientOption{option.WithEndpoint(strings.TrimSuffix(host, "/") + "/storage/v1/"), option.WithoutAuthentication()}
	}
	service, err := storage.NewService(ctx, opts...)
	if err != nil {
		return nil, explain(err, "opening "+backend)
	}
	below := strings.Trim(u.Path, "/")
	if below != "" {
		below += "/"
	}
	return &bucket{service.Objects, u.Host, below}, nil
}

func (b *bucket) List(ctx context.Context, prefix string) ([]Object, error) {
	var objects []Object
	err := b.objects.List(b.name).Prefix(b.below+prefix).Pages(ctx, func(page *storage.Objects) error {
		for _, item := range page.Items {
			modified, err := time.Parse(time.RFC3339, item.Updated)
			if err != nil {
				return fmt.Errorf("gs://%s/%s: %w", b.name, item.Name, err)
			}
			objects = append(objects, Object{Key: strings.TrimPrefix(item.Name, b.below), Modified: modified})
		}
		return nil
	})
	if status(err) == http.StatusNotFound {
		return nil, fmt.Errorf("there is no bucket gs://%s: `infra bootstrap ENV` makes it", b.name)
	} else if err != nil {
		return nil, explain(err, "listing gs://"+b.name)
	}
	return objects, nil
}

func (b *bucket) Read(ctx context.Context, key string) ([]byte, error) {
	response, err := b.objects.Get(b.name, b.below+key).Context(ctx).Download()
	if status(err) == http.StatusNotFound {
		return nil, fmt.Errorf("gs://%s/%s%s: %w", b.name, b.below, key, fs.ErrNotExist)
	} else if err != nil {
		return nil, explain(err, "reading gs://"+b.name)
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	return io.ReadAll(response.Body)
}

// status is the HTTP status of a refusal by one of Google's APIs, else 0.
func status(err error) int {
	var refusal *googleapi.Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}
