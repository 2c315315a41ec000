// Package fetch is the guarded HTTP client: what scripts and plug-ins ask of the
// outside world goes through it. It asks granted hosts only, looks at the address
// that a name has led to when it connects and at every redirection again, and
// bounds time and size. It knows nothing of scripts, keeps no cookies, uses no
// proxy, and its errors are short reasons for people that hold no secrets: no
// address, header or body is in them, only the name of a host.
// No API of the host is promised.
package fetch
