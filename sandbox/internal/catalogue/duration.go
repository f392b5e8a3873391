package catalogue

import (
	"encoding/json"
	"fmt"
	"time"
)

// Duration is a time.Duration that a file gives as text: 300ms, 1h.
type Duration struct{ time.Duration }

// UnmarshalJSON reads the text.
func (d *Duration) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("%s is not a duration such as 300ms or 1h", b)
	}
	parsed, err := time.ParseDuration(text)
	d.Duration = parsed
	return err
}

// MarshalJSON writes the text.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }
