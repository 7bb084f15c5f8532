package hostenv

import "github.com/latch-keys/latch/internal/finding"

// The rules that a file breaks by the way it is written.
const (
	RuleSyntax    finding.Rule = "syntax"          // the program stops here, or skips the line
	RuleName      finding.Rule = "variable_name"   // what stands before the = is no name
	RuleExport    finding.Rule = "export"          // only shells and compose know the word export
	RuleQuotes    finding.Rule = "quotes_kept"     // the program keeps quotes as part of the value
	RuleComment   finding.Rule = "comment_kept"    // the program takes the comment for a part of the value
	RuleBlank     finding.Rule = "blank_kept"      // the program keeps a blank at the end of the value
	RuleLineEnd   finding.Rule = "line_end_kept"   // the program keeps a carriage return
	RuleExpansion finding.Rule = "expansion"       // the program puts something else in the place of $X
	RuleAmbiguous finding.Rule = "read_in_2_ways"  // programs do not agree on the value
	RuleTwice     finding.Rule = "set_twice"       // one variable, two values
	RuleMark      finding.Rule = "byte_order_mark" // the program takes it for a part of the first name
	RuleEmpty     finding.Rule = "empty_value"     // the host takes an empty value for a value, or for none
	RuleArray     finding.Rule = "issuers_array"   // host_config.json has the issuers as an array
	RuleType      finding.Rule = "value_type"      // what is no text where a text belongs
	RuleBase64    finding.Rule = "base64"          // the data of a Secret is base64
	RuleEnvFile   finding.Rule = "env_file"        // a file that a compose service names is not there
	RuleReadable  finding.Rule = "readable"        // others can read a file that holds a seed
	RuleNotJudged finding.Rule = "not_judged"      // latch does not read what stands there
)
