package settings

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/yamledit"
)

// Keys are the names of all settings.
func Keys() []string {
	var known []string
	for _, row := range Table() {
		known = append(known, row.Key)
	}
	return known
}

// Named finds a setting by its name.
func Named(key string) (Setting, error) {
	for _, row := range Table() {
		if row.Key == key {
			return row, nil
		}
	}
	return Setting{}, fault.New(fault.Usage, "%q is no setting%s", key, similar.Question(key, Keys())).
		WithHint("the settings are %s", strings.Join(Keys(), ", "))
}

// Set writes one setting into the settings file, and makes the file if need be.
// Comments and everything else in it stay. Where the path is a link of the person's own
// to a file of theirs, as dotfiles are kept, that file is edited.
func Set(ctx context.Context, path, key, value string) error {
	row, err := Named(key)
	if err != nil {
		return err
	}
	if err := row.check(FromHome(value, "/"), "the command line"); err != nil {
		return err
	}
	if !utf8.ValidString(value) {
		return fault.New(fault.Usage, "the value of %s is no UTF-8, and a settings file holds nothing else", key).WithHint("write it in UTF-8")
	}
	if path == "" {
		return fault.New(fault.Unavailable, "there is no place for a settings file: no home folder is known").WithHint("set LATCH_CONFIG to a path")
	}
	if err := safefile.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	path = safefile.Through(path)
	release, err := safefile.Lock(ctx, path)
	if err != nil {
		return err
	}
	defer release()
	old, err := safefile.Read(path, safefile.Shared, settingsLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := edited(path, old, row, value)
	if err != nil {
		return err
	}
	_, err = safefile.Write(path, text, safefile.Shared)
	return err
}

// edited is the text of the file with the setting made.
func edited(path string, old []byte, row Setting, value string) ([]byte, error) {
	entry := yamledit.Entry{Name: row.Key, Value: yamledit.Text(value)}
	if row.Boolean {
		entry.Value = yamledit.Literal(value)
	}
	if comments, only := onlyComments(old); only {
		return []byte(comments + yamledit.Render(yamledit.Map{Fields: []yamledit.Entry{entry}, Block: true})), nil
	}
	doc, problems := yamledit.Parse(old, yamledit.Format{Kind: "settings file", MaxSize: settingsLimit})
	if len(problems) > 0 {
		return nil, fault.New(fault.Usage, "the settings file %s cannot be edited (line %d)", path, problems[0].Line).Because(problems[0].Err)
	}
	if doc.Root().Kind != yamledit.Mapping { // ~ or null, to which nothing can be added
		return nil, cannotEdit(path, row)
	}
	have := yamledit.Map{Block: true}
	for _, f := range doc.Root().Fields {
		if strings.EqualFold(f.Key.Value, row.Key) { // as the file is read, in any case
			entry.Name = f.Key.Value
			have.Fields = []yamledit.Entry{{Name: entry.Name, Value: yamledit.Exact(f.Value.Value)}}
		}
	}
	want := yamledit.Map{Fields: []yamledit.Entry{entry}, Block: true}
	text, ok := doc.Edit(have, want)
	if !ok {
		return nil, cannotEdit(path, row)
	}
	return text, nil
}

// onlyComments are the lines of a file that has nothing but comments and blank lines.
func onlyComments(text []byte) (comments string, only bool) {
	for line := range strings.Lines(string(text)) {
		comment := strings.TrimSpace(line)
		if comment != "" && comment[0] != '#' || strings.ContainsAny(comment, "\r\u0085\u2028\u2029") { // these end a line of YAML too
			return "", false
		}
		comments += comment + "\n"
	}
	return comments, true
}

func cannotEdit(path string, row Setting) error {
	return fault.New(fault.Usage, "the settings file %s cannot be edited as it is laid out", path).WithHint("set %s there with an editor", row.Key)
}
