package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type claim struct {
	Seq         int64    `json:"seq"`
	Entry       string   `json:"entry"`
	Proof       []string `json:"proof"`
	Consistency []string `json:"consistency"`
}

func readClaim(file string) (claim, error) {
	var c claim
	bytes, err := os.ReadFile(file)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(bytes, &c)
}

func hashesOf(texts []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, text := range texts {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func inclusionCommand(o options) (report, error) {
	c, err := readCheckpoint(o.note, o)
	if err != nil {
		return c.report(), err
	}
	given, err := readClaim(o.claim)
	if err != nil {
		return c.report(), err
	}
	entry, err := base64.StdEncoding.DecodeString(given.Entry)
	if err != nil {
		return c.report(), err
	}
	path, err := hashesOf(given.Proof)
	if err != nil {
		return c.report(), err
	}
	done := c.report()
	done.Index = &given.Seq
	return done, tlog.CheckRecord(path, c.tree.N, c.tree.Hash, given.Seq, tlog.RecordHash(entry))
}

func consistencyCommand(o options) (report, error) {
	c, err := readCheckpoint(o.note, o)
	if err != nil {
		return c.report(), err
	}
	old, err := readCheckpoint(o.old, options{key: o.key})
	if err != nil {
		return c.report(), err
	}
	given, err := readClaim(o.claim)
	if err != nil {
		return c.report(), err
	}
	path, err := hashesOf(given.Consistency)
	if err != nil {
		return c.report(), err
	}
	return c.report(), tlog.CheckTree(path, c.tree.N, c.tree.Hash, old.tree.N, old.tree.Hash)
}

// proofFileCommand reads C2SP tlog-proof@v1: format, optional extra, index, path, an empty line and the checkpoint.
func proofFileCommand(o options) (report, error) {
	bytes, err := os.ReadFile(o.file)
	if err != nil {
		return report{}, err
	}
	head, signed, found := strings.Cut(string(bytes), "\n\n")
	if !found {
		return report{}, errors.New("a proof file has an empty line before its checkpoint")
	}
	c, err := openCheckpoint([]byte(signed), o)
	if err != nil {
		return c.report(), err
	}
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return c.report(), errors.New("not a proof file")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return c.report(), errors.New("a proof file without an index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return c.report(), err
	}
	path, err := hashesOf(lines[1:])
	if err != nil {
		return c.report(), err
	}
	entry, err := os.ReadFile(o.entry)
	if err != nil {
		return c.report(), err
	}
	done := c.report()
	done.Index = &index
	return done, tlog.CheckRecord(path, c.tree.N, c.tree.Hash, index, tlog.RecordHash(entry))
}
