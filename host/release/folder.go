package release

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"strings"
)

// unpack is the folder in an archive: the files of the manifest, each as it was signed, and no others.
func unpack(archive *zip.Reader, m Manifest) (fs.FS, error) {
	missing := make(map[string]File, len(m.Files))
	for _, f := range m.Files {
		missing[f.Path] = f
	}
	for _, entry := range archive.File {
		if entry.Name == manifestName || entry.Name == sealName {
			continue
		}
		path, inside := strings.CutPrefix(entry.Name, filesFolder)
		f, listed := missing[path]
		if !inside || !listed {
			return nil, fmt.Errorf("bundle holds %q, which nobody has signed: somebody has changed it in the store", entry.Name)
		}
		delete(missing, path)
		data, err := readBounded(archive, entry.Name, f.Size)
		if err != nil {
			return nil, fmt.Errorf("bundle: %s: %w", path, err)
		}
		if sumOf(data) != f.Sum {
			return nil, fmt.Errorf("bundle: %s is not the file that was signed: somebody has changed it in the store", path)
		}
	}
	for path := range missing {
		return nil, fmt.Errorf("bundle: %s is missing", path)
	}
	return fs.Sub(archive, strings.TrimSuffix(filesFolder, "/"))
}
