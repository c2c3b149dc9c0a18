// Go's sumdb/note and sumdb/tlog, for comparison.
//
//	note_verify open VKEY    a note on standard input; writes its text
//	note_verify sign NAME    a text on standard input; writes a verifier key, a new line and the signed note
//	note_verify prove        proofs as JSON on standard input; writes how many hold
package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Index, OldSize, Size int64
	Leaf, OldRoot, Root  tlog.Hash
	Hashes               []tlog.Hash
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func open(vkey string, in []byte) {
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(in, note.VerifierList(verifier))
	check(err)
	fmt.Print(opened.Text)
}

func sign(name string, in []byte) {
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	signed, err := note.Sign(&note.Note{Text: string(in)}, signer)
	check(err)
	fmt.Printf("%s\n%s", vkey, signed)
}

// prove counts the proofs that hold: of inclusion where OldSize is 0, else of consistency.
func prove(in []byte) {
	var proofs []proof
	check(json.Unmarshal(in, &proofs))
	held := 0
	for _, p := range proofs {
		var err error
		if p.OldSize == 0 {
			err = tlog.CheckRecord(p.Hashes, p.Size, p.Root, p.Index, p.Leaf)
		} else {
			err = tlog.CheckTree(p.Hashes, p.Size, p.Root, p.OldSize, p.OldRoot)
		}
		if err == nil {
			held++
		}
	}
	fmt.Println(held)
}

func main() {
	in, err := io.ReadAll(os.Stdin)
	check(err)
	switch os.Args[1] {
	case "open":
		open(os.Args[2], in)
	case "sign":
		sign(os.Args[2], in)
	case "prove":
		prove(in)
	default:
		check(fmt.Errorf("unknown verb"))
	}
}
