package macro

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// The sums of what is embedded, as the makers gave it out.
var sums = map[string]string{
	"quickjs.wasm":  "d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9",
	"lodash.min.js": "0ca1f63c3cfcf884a59f2addf17ad57c7cdb13331dd13ef110d9d534195b84b2",
	"moment.min.js": "c111ad2e4447c253765e679bb4a40ba91a3e23d80b4b69d603a0fd25164cb9de",
}

func TestEmbedded(t *testing.T) {
	for name, data := range map[string][]byte{"quickjs.wasm": quickjs, "lodash.min.js": []byte(lodash), "moment.min.js": []byte(moment)} {
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != sums[name] {
			t.Errorf("%s has the sum %x: run make gen", name, sum)
		}
	}
}

// TestSums: gen.sh compares with the same sums, and every file has its licence.
func TestSums(t *testing.T) {
	list, err := os.ReadFile("engine/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		listed[fields[1]] = fields[0]
		data, err := os.ReadFile("engine/" + fields[1])
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != fields[0] {
			t.Errorf("engine/%s has the sum %x", fields[1], sum)
		}
	}
	for name, sum := range sums {
		if listed[name] != sum {
			t.Errorf("SHA256SUMS says %s for %s, want %s", listed[name], name, sum)
		}
		base, _, _ := strings.Cut(name, ".")
		if _, found := listed[base+".LICENSE"]; !found {
			t.Errorf("%s comes without its licence", name)
		}
	}
}
