// Package archtest holds the walls of the house: who may import whom, that every
// room says what it is for, and that no file outgrows a reader. It has no code
// but its tests.
package archtest
