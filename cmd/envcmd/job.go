package envcmd

import (
	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
)

// handOver gives an environment to the later steps of a CI job: first the masks
// to the log, which is stdout, then the variables to the file that the job names.
func (a verbs) handOver(job env.Dialect, e env.Environment) error {
	path, set := a.Sys.Getenv(job.JobFile())
	if !set || path == "" {
		return fault.New(fault.NotFound, "%s is not set: this is not a job that reads the dialect %s", job.JobFile(), job.Name()).
			WithHint("choose another --dialect, or write a file: latch env write %s --dialect %s", e.Host, job.Name())
	}
	variables, err := job.Render(e, env.Revealed)
	if err != nil {
		return err
	}
	defer clear(variables)
	masks, err := job.Masks(e)
	defer clear(masks)
	if err != nil {
		return err
	}
	if _, err := a.Sys.Stdout.Write(masks); err != nil {
		return app.StdoutError(err)
	}
	if err := safefile.Append(path, variables); err != nil {
		return err
	}
	a.Say("The later steps of the job get the environment of %s.", e.Host)
	return nil
}
