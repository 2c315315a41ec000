package cli

// environment is a Getenv over a map.
func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}
