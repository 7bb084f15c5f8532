package keyring

// ParseIndex reads an index file.
func ParseIndex(data []byte) (any, error) { return parseIndex(data) }

// EncodeIndex writes what ParseIndex gave.
func EncodeIndex(parsed any) ([]byte, error) { return encodeIndex(parsed.(records)) }
