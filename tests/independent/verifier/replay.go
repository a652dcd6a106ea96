package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// log is where checkpoint and tiles are: a URL, or a folder.
type log struct{ base string }

func (l log) fetch(path string) ([]byte, error) {
	if !strings.HasPrefix(l.base, "http") {
		return os.ReadFile(filepath.Join(l.base, path))
	}
	request, err := http.NewRequest("GET", l.base+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Cookie", os.Getenv("MUSTER_COOKIE"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<20))
	if err == nil && response.StatusCode != 200 {
		err = fmt.Errorf("%s: status %d", path, response.StatusCode)
	}
	return body, err
}

// pathOf drops the height that Go puts into its paths, and calls its "data" tiles by their C2SP name.
func pathOf(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// Height, ReadTiles and SaveTiles make a tlog.TileReader of it; TileHashReader checks each tile against the signed root.
func (l log) Height() int { return height }
func (l log) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range tiles {
		bytes, err := l.fetch(pathOf(tile))
		if err != nil {
			return nil, err
		}
		if len(bytes) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", pathOf(tile), len(bytes))
		}
		read = append(read, bytes)
	}
	return read, nil
}
func (l log) SaveTiles([]tlog.Tile, [][]byte) {}

// replayCommand makes the whole tree anew from the entries, and compares it with every tile and with the signed root.
func replayCommand(o options) (report, error) {
	l := log{strings.TrimSuffix(o.base, "/")}
	signed, err := l.fetch("checkpoint")
	if err != nil {
		return report{}, err
	}
	c, err := openCheckpoint(signed, o)
	if err != nil {
		return c.report(), err
	}
	done := c.report()
	if c.tree.N == 0 {
		return done, nil
	}
	tiles := tlog.TileHashReader(c.tree, l)
	own := &memory{}
	for at := int64(0); at < c.tree.N; at += 1 << height {
		if err := replayBundle(l, c, at, own); err != nil {
			return done, err
		}
		done.Entries = own.size
	}
	root, err := tlog.TreeHash(own.size, own)
	if err != nil || root != c.tree.Hash {
		return done, fmt.Errorf("the entries do not give the signed root: %v %v", root, err)
	}
	if err := compareTiles(l, c, own, tiles); err != nil {
		return done, err
	}
	if o.old == "" {
		return done, nil
	}
	old, err := readCheckpoint(o.old, options{key: o.key})
	if err != nil || old.tree.N == 0 {
		return done, err
	}
	proof, err := tlog.ProveTree(c.tree.N, old.tree.N, tiles)
	if err != nil {
		return done, err
	}
	return done, tlog.CheckTree(proof, c.tree.N, c.tree.Hash, old.tree.N, old.tree.Hash)
}

func replayBundle(l log, c checkpoint, at int64, own *memory) error {
	width := c.tree.N - at
	if width > 1<<height {
		width = 1 << height
	}
	tile := tlog.Tile{H: height, L: -1, N: at >> height, W: int(width)}
	bundle, err := l.fetch(pathOf(tile))
	if err != nil {
		return err
	}
	for index := at; index < at+width; index++ {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("%s ends in entry %d", pathOf(tile), index)
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		if err := checkEntry(bundle[2:end], c.origin, index); err != nil {
			return err
		}
		if err := own.append(bundle[2:end]); err != nil {
			return err
		}
		bundle = bundle[end:]
	}
	if len(bundle) != 0 {
		return fmt.Errorf("%s holds more than its entries", pathOf(tile))
	}
	return nil
}

func checkEntry(bytes []byte, origin string, index int64) error {
	var entry struct {
		V   int    `json:"v"`
		Log string `json:"log"`
		I   int64  `json:"i"`
	}
	if err := json.Unmarshal(bytes, &entry); err != nil {
		return fmt.Errorf("entry %d: %v", index, err)
	}
	if entry.V != 1 || entry.Log != origin || entry.I != index {
		return fmt.Errorf("entry %d says it is entry %d of %s", index, entry.I, entry.Log)
	}
	return nil
}

func compareTiles(l log, c checkpoint, own *memory, tiles tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(height, 0, c.tree.N) {
		// Go lists a partial tile in every width it ever had; of these the widest is the tree's.
		if newest := c.tree.N>>(height*uint(tile.L)) - tile.N<<height; tile.W < 1<<height && int64(tile.W) < newest {
			continue
		}
		made, err := tlog.ReadTileData(tile, own)
		if err != nil {
			return err
		}
		served, err := l.fetch(pathOf(tile))
		if err != nil {
			return err
		}
		if string(made) != string(served) {
			return fmt.Errorf("%s is not the tile of these entries", pathOf(tile))
		}
	}
	// Once through Go's own reader as well, which climbs from a tile to the root by itself.
	last := tlog.StoredHashIndex(0, c.tree.N-1)
	hashes, err := tiles.ReadHashes([]int64{0, last})
	if err != nil {
		return err
	}
	if hashes[0] != own.hashes[0] || hashes[1] != own.hashes[last] {
		return fmt.Errorf("the tiles do not hold the leaves of these entries")
	}
	return nil
}

// memory is a tree in Go's own order of hashes.
type memory struct {
	hashes []tlog.Hash
	size   int64
}

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var read []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		read = append(read, m.hashes[index])
	}
	return read, nil
}

func (m *memory) append(entry []byte) error {
	hashes, err := tlog.StoredHashes(m.size, entry, m)
	if err != nil {
		return err
	}
	m.hashes = append(m.hashes, hashes...)
	m.size++
	return nil
}
