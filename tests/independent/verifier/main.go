// A verifier of Muster's records that shares no code with Muster: it stands on golang.org/x/mod/sumdb (note, tlog), the
// code of the Go checksum database. It prints one line of JSON; it ends with 0 when everything holds and with 1 when not.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
)

type many []string

func (m *many) String() string     { return strings.Join(*m, " ") }
func (m *many) Set(s string) error { *m = append(*m, s); return nil }

const usage = `usage: verifier COMMAND -key VKEY [-cosigner VKEY]… OPTIONS
  checkpoint -note FILE                       who signed it
  inclusion -note FILE -claim FILE            {"seq":N,"entry":B64,"proof":[B64…]} is in that tree
  consistency -old FILE -note FILE -claim FILE  {"consistency":[B64…]} joins the two
  proof-file -file FILE -entry FILE           a .tlog-proof proves that entry
  replay -base URL|FOLDER [-old FILE]         everything from tiles and bundles, and that the old tree is its beginning
The cookie for URLs is read from MUSTER_COOKIE.`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&o.key, "key", "", "key of the record")
	flags.Var(&o.cosigners, "cosigner", "key of a cosigner that must have signed")
	flags.StringVar(&o.note, "note", "", "file with a signed checkpoint")
	flags.StringVar(&o.old, "old", "", "file with an earlier signed checkpoint")
	flags.StringVar(&o.claim, "claim", "", "file with a proof as the hub answers it")
	flags.StringVar(&o.file, "file", "", "file .tlog-proof")
	flags.StringVar(&o.entry, "entry", "", "file with the bytes of an entry")
	flags.StringVar(&o.base, "base", "", "where checkpoint and tile/ are")
	flags.Parse(os.Args[2:])

	commands := map[string]func(options) (report, error){
		"checkpoint":  checkpointCommand,
		"inclusion":   inclusionCommand,
		"consistency": consistencyCommand,
		"proof-file":  proofFileCommand,
		"replay":      replayCommand,
	}
	run, known := commands[os.Args[1]]
	if !known {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	done, err := run(o)
	done.Ok = err == nil
	if err != nil {
		done.Error = err.Error()
	}
	line, _ := json.Marshal(done)
	fmt.Println(string(line))
	if err != nil {
		os.Exit(1)
	}
}

type options struct {
	key, note, old, claim, file, entry, base string
	cosigners                                many
}

type report struct {
	Ok      bool     `json:"ok"`
	Error   string   `json:"error,omitempty"`
	Origin  string   `json:"origin,omitempty"`
	Size    int64    `json:"size"`
	Root    string   `json:"root,omitempty"`
	Signers []string `json:"signers,omitempty"`
	Index   *int64   `json:"index,omitempty"`
	Entries int64    `json:"entries,omitempty"`
}
