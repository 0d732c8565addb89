package wrapper

import "github.com/nimroom/nimroom/sign"

// Credentials are the key and the secret of an app, see [sign.Credentials].
type Credentials = sign.Credentials

// ErrCredentials matches the errors of [NewCredentials], and of [New] without credentials.
var ErrCredentials = sign.ErrCredentials

// NewCredentials returns the credentials of an app, see [sign.NewCredentials].
func NewCredentials(appKey, appSecret string) (Credentials, error) {
	return sign.NewCredentials(appKey, appSecret)
}
