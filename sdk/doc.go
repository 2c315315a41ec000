// Package sdk is about the libraries for directions that stand beside it.
package sdk
