// Package googletest is a stand-in for the part of Cloud Storage and Cloud KMS that
// makes a state bucket. fake-gcs-server has no KMS and no grants, and of a bucket it
// keeps only name, versioning and event-based hold. What is not here, and a field
// that the APIs do not have, is refused.
package googletest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/api/cloudkms/v1"
	"google.golang.org/api/option"
	"google.golang.org/api/storage/v1"
)

// Number is the number of every project.
const Number = 1234

// Agent is the service agent of Cloud Storage.
var Agent = fmt.Sprintf("service-%d@gs-project-accounts.iam.gserviceaccount.com", Number)

// Cloud holds what was made, by its path in the API. Tests change it between calls.
type Cloud struct {
	Rings     map[string]*cloudkms.KeyRing
	Keys      map[string]*cloudkms.CryptoKey
	Buckets   map[string]*storage.Bucket
	KeyIAM    map[string]*cloudkms.Policy
	BucketIAM map[string]*storage.Policy
	// Fresh is how often a grant on a key is still too new to be used.
	Fresh int
	// Refuse answers instead: the status and the message.
	Refuse func(method, path string) (int, string)
	Writes []string // Writes are the calls that changed something.

	mu  sync.Mutex
	url string
}

// New serves an empty cloud until the test ends.
func New(t *testing.T) *Cloud {
	t.Helper()
	c := &Cloud{
		Rings: map[string]*cloudkms.KeyRing{}, Keys: map[string]*cloudkms.CryptoKey{}, Buckets: map[string]*storage.Bucket{},
		KeyIAM: map[string]*cloudkms.Policy{}, BucketIAM: map[string]*storage.Policy{},
	}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// Options point a client at the cloud.
func (c *Cloud) Options() []option.ClientOption {
	return []option.ClientOption{option.WithEndpoint(c.url + "/"), option.WithoutAuthentication()}
}

// refusal is an error of the APIs.
type refusal struct {
	status  int
	message string
}

// ServeHTTP implements [http.Handler].
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer func() {
		if r, is := recover().(refusal); is {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(r.status)
			_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": r.status, "message": r.message}})
		}
	}()
	if c.Refuse != nil {
		if status, message := c.Refuse(r.Method, r.URL.Path); status != 0 {
			panic(refusal{status, message})
		}
	}
	answer := c.answer(r)
	if r.Method != http.MethodGet {
		c.Writes = append(c.Writes, r.Method+" "+r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (c *Cloud) answer(r *http.Request) any {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if name, is := strings.CutPrefix(path, "v1/"); is {
		return c.kms(r, name)
	}
	name, _ := strings.CutPrefix(path, "b/")
	switch {
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/serviceAccount"):
		return &storage.ServiceAccount{EmailAddress: Agent}
	case r.Method == http.MethodPost && path == "b":
		return c.insert(read(r, &storage.Bucket{}))
	case r.Method == http.MethodGet && strings.HasSuffix(name, "/iam"):
		return found(c.BucketIAM, strings.TrimSuffix(name, "/iam"))
	case r.Method == http.MethodPut && strings.HasSuffix(name, "/iam"):
		name = strings.TrimSuffix(name, "/iam")
		given := read(r, &storage.Policy{})
		next(&given.Etag, found(c.BucketIAM, name).Etag)
		c.BucketIAM[name] = given
		return given
	case r.Method == http.MethodGet:
		return found(c.Buckets, name)
	case r.Method == http.MethodPatch:
		b := found(c.Buckets, name)
		c.mayUse(read(r, b).Encryption) // a JSON merge: what is not given stays
		return b
	}
	panic(refusal{http.StatusNotImplemented, r.Method + " " + r.URL.Path + " is not simulated"})
}

func (c *Cloud) insert(b *storage.Bucket) *storage.Bucket {
	if c.Buckets[b.Name] != nil {
		panic(refusal{http.StatusConflict, "The requested bucket name is not available"})
	}
	c.mayUse(b.Encryption)
	b.ProjectNumber = Number
	c.Buckets[b.Name] = b
	c.BucketIAM[b.Name] = &storage.Policy{Etag: "1", Bindings: []*storage.PolicyBindings{
		{Role: "roles/storage.legacyBucketOwner", Members: []string{"projectEditor:p", "projectOwner:p"}},
		{Role: "roles/storage.legacyObjectReader", Members: []string{"projectViewer:p"}},
	}}
	return b
}

// mayUse refuses a key that Cloud Storage may not use, or not yet.
func (c *Cloud) mayUse(e *storage.BucketEncryption) {
	if e == nil {
		return
	}
	for _, b := range found(c.KeyIAM, e.DefaultKmsKeyName).Bindings {
		if b.Role == "roles/cloudkms.cryptoKeyEncrypterDecrypter" && b.Members[0] == "serviceAccount:"+Agent {
			if c.Fresh--; c.Fresh < 0 {
				return
			}
		}
	}
	panic(refusal{http.StatusForbidden, "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use this key."})
}

func (c *Cloud) kms(r *http.Request, name string) any {
	name, verb, _ := strings.Cut(name, ":")
	query := r.URL.Query()
	isKey := strings.Contains(name, "/cryptoKeys/")
	switch {
	case verb == "getIamPolicy":
		return found(c.KeyIAM, name)
	case verb == "setIamPolicy":
		given := read(r, &cloudkms.SetIamPolicyRequest{}).Policy
		next(&given.Etag, found(c.KeyIAM, name).Etag)
		c.KeyIAM[name] = given
		return given
	case r.Method == http.MethodGet && isKey:
		return found(c.Keys, name)
	case r.Method == http.MethodGet:
		return found(c.Rings, name)
	case r.Method == http.MethodPatch && isKey && query.Get("updateMask") != "":
		return read(r, found(c.Keys, name))
	case r.Method == http.MethodPost && query.Get("keyRingId") != "":
		ring := read(r, &cloudkms.KeyRing{})
		c.Rings[name+"/"+query.Get("keyRingId")] = ring
		return ring
	case r.Method == http.MethodPost && query.Get("cryptoKeyId") != "":
		found(c.Rings, strings.TrimSuffix(name, "/cryptoKeys"))
		key := read(r, &cloudkms.CryptoKey{})
		if next, err := time.Parse(time.RFC3339, key.NextRotationTime); err != nil || next.Before(time.Now()) {
			panic(refusal{http.StatusBadRequest, "nextRotationTime is not in the future"})
		}
		key.Primary = &cloudkms.CryptoKeyVersion{State: "ENABLED"}
		name += "/" + query.Get("cryptoKeyId")
		c.Keys[name], c.KeyIAM[name] = key, &cloudkms.Policy{Etag: "1"}
		return key
	}
	panic(refusal{http.StatusNotImplemented, r.Method + " " + r.URL.Path + " is not simulated"})
}

// next refuses a policy that is not made of the present one.
func next(given *string, have string) {
	if *given != have {
		panic(refusal{http.StatusConflict, "there were concurrent policy changes"})
	}
	*given += "1"
}

func read[T any](r *http.Request, into *T) *T {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		panic(refusal{http.StatusBadRequest, err.Error()})
	}
	return into
}

func found[T any](all map[string]*T, name string) *T {
	if all[name] == nil {
		panic(refusal{http.StatusNotFound, name + " not found"})
	}
	return all[name]
}
