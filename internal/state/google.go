package state

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"google.golang.org/api/cloudkms/v1"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	"google.golang.org/api/storage/v1"
)

// Google is the part of Google Cloud that a state bucket takes.
type Google struct {
	Storage *storage.Service
	KMS     *cloudkms.Service
}

// Connect acts as the application default credentials say. Options are for tests.
func Connect(ctx context.Context, opts ...option.ClientOption) (*Google, error) {
	buckets, err := storage.NewService(ctx, opts...)
	if err != nil {
		return nil, explain(err, "Cloud Storage")
	}
	keys, err := cloudkms.NewService(ctx, opts...)
	if err != nil {
		return nil, explain(err, "Cloud KMS")
	}
	return &Google{buckets, keys}, nil
}

// disabled finds service and project in what Google says of an API that is off: it
// names the page of the console that turns it on.
var disabled = regexp.MustCompile(`([a-z]+\.googleapis\.com)/overview\?project=([\w-]+)`)

// explain adds to an error what would help. Of no error it makes none.
func explain(err error, doing string) error {
	var refusal *googleapi.Error
	switch {
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "could not find default credentials"):
		return fmt.Errorf("%s: nobody said who acts: run `gcloud auth application-default login`", doing)
	case !errors.As(err, &refusal):
		return fmt.Errorf("%s: %w", doing, err)
	}
	if found := disabled.FindStringSubmatch(refusal.Message); found != nil {
		return fmt.Errorf("%s: an API is off: run `gcloud services enable %s --project %s`, wait a minute and run this again",
			doing, found[1], found[2])
	}
	switch refusal.Code {
	case http.StatusUnauthorized:
		return fmt.Errorf("%s: the login has expired: run `gcloud auth application-default login`", doing)
	case http.StatusForbidden:
		return fmt.Errorf("%s: %s (bootstrap takes roles/cloudkms.admin and roles/storage.admin on the project)", doing, refusal.Message)
	case http.StatusConflict, http.StatusPreconditionFailed:
		return fmt.Errorf("%s: %s: somebody changes it at the same time, or the name is another project's; run this again to see", doing, refusal.Message)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
