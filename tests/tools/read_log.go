// Reads an exported log with Go's checksum database packages, golang.org/x/mod/sumdb: the checkpoint with note.Open, the
// tiles through tlog.TileHashReader, every leaf with tlog.ProveRecord and tlog.CheckRecord, earlier checkpoints with
// tlog.ProveTree and tlog.CheckTree, and the proofs in the evidence. Signatures of JWTs are not looked at here.
//
//	read_log -vkey VKEY FOLDER [EARLIER-CHECKPOINT]...
//
// Exit 0 good, 1 refused, 2 usage. Source: C2SP tlog-checkpoint, tlog-tiles, tlog-proof; RFC 6962 section 2.1.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	proofMagic = "c2sp.org/tlog-proof@v1"
)

// folder is an exported publication as a tlog.TileReader; each file is read once.
type folder struct {
	base string
	seen map[string][]byte
}

func (f *folder) read(path string) ([]byte, error) {
	if data, ok := f.seen[path]; ok {
		return data, nil
	}
	data, err := os.ReadFile(filepath.Join(f.base, path))
	if err == nil {
		f.seen[path] = data
	}
	return data, err
}

// Height of the tiles of C2SP tlog-tiles, which is fixed.
func (f *folder) Height() int { return tileHeight }

// published is where C2SP tlog-tiles puts a tile: Go's path without the height, and with "entries" for "data".
func published(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "log/tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, err := f.read(published(tile))
		if err != nil {
			return nil, err
		}
		all[i] = data
	}
	return all, nil
}

// SaveTiles keeps nothing: the folder is the copy.
func (f *folder) SaveTiles([]tlog.Tile, [][]byte) {}

// openCheckpoint returns the tree that a note of the log commits to. Go's own tree notes have a fixed first line where a
// C2SP checkpoint has the origin; the rest is the same.
func openCheckpoint(octets []byte, key note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(octets, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != key.Name() {
		return tlog.Tree{}, fmt.Errorf("origin %q is not %q", origin, key.Name())
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

// splitBundle returns the leaves of an entry bundle: each after its length as a big-endian uint16.
func splitBundle(bundle []byte) ([][]byte, error) {
	var leaves [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, fmt.Errorf("an entry is cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		leaves = append(leaves, bundle[2:end])
		bundle = bundle[end:]
	}
	return leaves, nil
}

// readLeaves returns the leaves of all entry bundles of a tree, in order; the last bundle is partial unless it is full.
func readLeaves(f *folder, size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*tileWidth < size; n++ {
		width := tileWidth
		if size-n*tileWidth < tileWidth {
			width = int(size - n*tileWidth)
		}
		path := published(tlog.Tile{H: tileHeight, L: -1, N: n, W: width})
		bundle, err := f.read(path)
		if err != nil {
			return nil, err
		}
		leaves, err := splitBundle(bundle)
		if err != nil || len(leaves) != width {
			return nil, fmt.Errorf("%s: %d entries of %d, %v", path, len(leaves), width, err)
		}
		all = append(all, leaves...)
	}
	return all, nil
}

// checkLeaves proves every leaf of the bundles with the hashes of the tiles, and the proof against the signed root; the
// published event is the same octets.
func checkLeaves(f *folder, tree tlog.Tree, hashes tlog.HashReader) error {
	leaves, err := readLeaves(f, tree.N)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		n := int64(i)
		proof, err := tlog.ProveRecord(tree.N, n, hashes)
		if err != nil {
			return fmt.Errorf("leaf %d: %w", n, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(leaf)); err != nil {
			return fmt.Errorf("leaf %d: %w", n, err)
		}
		event, err := f.read(fmt.Sprintf("v1/events/%d.json", n))
		if err != nil {
			return err
		}
		if !bytes.Equal(event, leaf) {
			return fmt.Errorf("event %d is not the leaf", n)
		}
	}
	return nil
}

// checkEarlier proves that the tree continues the one of an earlier checkpoint.
func checkEarlier(path string, key note.Verifier, tree tlog.Tree, hashes tlog.HashReader) (int64, error) {
	octets, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	earlier, err := openCheckpoint(octets, key)
	if err != nil {
		return 0, err
	}
	if earlier.N > tree.N {
		return 0, fmt.Errorf("the log has gone back from %d to %d leaves", earlier.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	if err != nil {
		return 0, err
	}
	return earlier.N, tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash)
}

// checkProof judges one tlog-proof of a leaf on its own: its hashes, its checkpoint, no tile.
func checkProof(text string, leaf []byte, key note.Verifier) error {
	head, checkpoint, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != proofMagic || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("not a tlog-proof: %q", head)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(checkpoint), key)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}

// claims are the members of evidence that say what stands in the log: one event, or for a past day all of a record.
// A json.RawMessage keeps the octets as they were signed, and they are those of the leaf.
type claims struct {
	Event  json.RawMessage
	Proof  string
	Events []json.RawMessage
	Proofs []string
}

// checkEvidence judges the proofs in the payload of a compact JWT and returns how many there are.
func checkEvidence(jwt []byte, key note.Verifier) (int, error) {
	parts := strings.Split(string(jwt), ".")
	if len(parts) != 3 {
		return 0, fmt.Errorf("not a compact JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return 0, err
	}
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return 0, err
	}
	if c.Event != nil {
		c.Events, c.Proofs = append(c.Events, c.Event), append(c.Proofs, c.Proof)
	}
	if len(c.Events) == 0 || len(c.Events) != len(c.Proofs) {
		return 0, fmt.Errorf("%d events, %d proofs", len(c.Events), len(c.Proofs))
	}
	for i, event := range c.Events {
		if err := checkProof(c.Proofs[i], event, key); err != nil {
			return 0, err
		}
	}
	return len(c.Events), nil
}

// checkRecords judges the evidence of every service in the folder.
func checkRecords(f *folder, key note.Verifier) (proofs int, err error) {
	paths, err := filepath.Glob(filepath.Join(f.base, "v1/records/*.jwt"))
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		jwt, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		n, err := checkEvidence(jwt, key)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		proofs += n
	}
	return proofs, nil
}

func check(vkey, base string, earlier []string) error {
	key, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	f := &folder{base: base, seen: map[string][]byte{}}
	octets, err := f.read("log/checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(octets, key)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	hashes := tlog.TileHashReader(tree, f)
	if err := checkLeaves(f, tree, hashes); err != nil {
		return err
	}
	fmt.Printf("good: %d leaves of %s, each proved\n", tree.N, key.Name())
	for _, path := range earlier {
		size, err := checkEarlier(path, key, tree, hashes)
		if err != nil {
			return fmt.Errorf("earlier checkpoint: %w", err)
		}
		fmt.Printf("good: continues the log of %d leaves\n", size)
	}
	proofs, err := checkRecords(f, key)
	if err != nil {
		return err
	}
	fmt.Printf("good: %d proofs in evidence\n", proofs)
	return nil
}

func main() {
	vkey := flag.String("vkey", "", "the log's verifier key, from the key set")
	flag.Parse()
	if *vkey == "" || flag.NArg() < 1 {
		fmt.Fprintln(os.Stderr, "read_log -vkey VKEY FOLDER [EARLIER-CHECKPOINT]...")
		os.Exit(2)
	}
	if err := check(*vkey, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "read_log:", err)
		os.Exit(1)
	}
}
