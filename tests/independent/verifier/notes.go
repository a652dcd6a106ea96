package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// checkpoint is what a signed note says, once it is believed.
type checkpoint struct {
	origin  string
	tree    tlog.Tree
	signers []string
}

// cosigner verifies C2SP cosignature/v1 (type 0x04), which x/mod does not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	if at == 0 || at > 1<<53 {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed cosigner key")
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, errors.New("malformed id of a cosigner key")
	}
	body, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(body) != 1+ed25519.PublicKeySize || body[0] != 0x04 {
		return nil, errors.New("not a cosigner key of type 0x04")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), body...))
	if binary.BigEndian.Uint32(sum[:4]) != uint32(id) {
		return nil, errors.New("the id of the cosigner key is not its own")
	}
	return cosigner{parts[0], uint32(id), ed25519.PublicKey(body[1:])}, nil
}

// openCheckpoint believes a note only when the record's own key and every cosigner asked for have signed it.
func openCheckpoint(bytes []byte, o options) (checkpoint, error) {
	own, err := note.NewVerifier(o.key)
	if err != nil {
		return checkpoint{}, err
	}
	known := []note.Verifier{own}
	for _, vkey := range o.cosigners {
		one, err := newCosigner(vkey)
		if err != nil {
			return checkpoint{}, err
		}
		known = append(known, one)
	}
	opened, err := note.Open(bytes, note.VerifierList(known...))
	if err != nil {
		return checkpoint{}, err
	}
	signed := map[string]bool{}
	var signers []string
	for _, sig := range opened.Sigs {
		signed[fmt.Sprintf("%s+%08x", sig.Name, sig.Hash)] = true
		signers = append(signers, sig.Name)
	}
	for _, one := range known {
		if !signed[fmt.Sprintf("%s+%08x", one.Name(), one.KeyHash())] {
			return checkpoint{}, fmt.Errorf("%s has not signed", one.Name())
		}
	}
	tree, origin, err := parseCheckpoint(opened.Text)
	if err == nil && origin != own.Name() {
		err = errors.New("the checkpoint is of another record than its key")
	}
	return checkpoint{origin, tree, signers}, err
}

// parseCheckpoint reads C2SP tlog-checkpoint without extension lines.
func parseCheckpoint(text string) (tlog.Tree, string, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return tlog.Tree{}, "", errors.New("a checkpoint is three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, "", errors.New("malformed size")
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, lines[0], err
}

func readCheckpoint(file string, o options) (checkpoint, error) {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return checkpoint{}, err
	}
	return openCheckpoint(bytes, o)
}

func (c checkpoint) report() report {
	return report{Origin: c.origin, Size: c.tree.N, Root: c.tree.Hash.String(), Signers: c.signers}
}

func checkpointCommand(o options) (report, error) {
	c, err := readCheckpoint(o.note, o)
	return c.report(), err
}
