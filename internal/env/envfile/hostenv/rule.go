package hostenv

import "github.com/latch-keys/latch/internal/lattice"

// The rules that a file breaks by the way it is written.
const (
	RuleSyntax    lattice.Rule = "syntax"          // the program stops here, or skips the line
	RuleName      lattice.Rule = "variable_name"   // what stands before the = is no name
	RuleExport    lattice.Rule = "export"          // only shells and compose know the word export
	RuleQuotes    lattice.Rule = "quotes_kept"     // the program keeps quotes as part of the value
	RuleComment   lattice.Rule = "comment_kept"    // the program takes the comment for a part of the value
	RuleBlank     lattice.Rule = "blank_kept"      // the program keeps a blank at the end of the value
	RuleLineEnd   lattice.Rule = "line_end_kept"   // the program keeps a carriage return
	RuleExpansion lattice.Rule = "expansion"       // the program puts something else in the place of $X
	RuleAmbiguous lattice.Rule = "read_in_2_ways"  // programs do not agree on the value
	RuleTwice     lattice.Rule = "set_twice"       // one variable, two values
	RuleMark      lattice.Rule = "byte_order_mark" // the program takes it for a part of the first name
	RuleEmpty     lattice.Rule = "empty_value"     // the host takes an empty value for a value, or for none
	RuleArray     lattice.Rule = "issuers_array"   // host_config.json has the issuers as an array
	RuleType      lattice.Rule = "value_type"      // what is no text where a text belongs
	RuleBase64    lattice.Rule = "base64"          // the data of a Secret is base64
	RuleEnvFile   lattice.Rule = "env_file"        // a file that a compose service names is not there
	RuleReadable  lattice.Rule = "readable"        // others can read a file that holds a seed
	RuleNotJudged lattice.Rule = "not_judged"      // latch does not read what stands there
)
