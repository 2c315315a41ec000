package deploy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
)

// disguise is how the personas of a Page differ from those that are wanted.
type disguise struct {
	make []messenger.Persona
	gone []string    // ids that are kept, and that the Page does not have
	drop []mask.Worn // made by us, and not wanted any more
}

// lookPersonas compares the personas of the Page that are ours with those of bot.toml. Others are not touched.
func lookPersonas(ctx context.Context, r *round) Finding {
	if r.Foyer == nil && r.Personas == nil {
		return skipped("no folder of a bot was named")
	}
	return r.compareMasks(ctx)
}

// lookWorn finds the personas that are ours, to take them off.
func lookWorn(ctx context.Context, r *round) Finding {
	r.Personas = nil
	return r.compareMasks(ctx)
}

func (r *round) compareMasks(ctx context.Context) Finding {
	r.disguise = disguise{}
	if r.Masks == nil {
		return skipped("the host's store cannot be asked from here; the host makes them when they first speak")
	}
	worn, err := r.Masks.Worn(ctx, r.PageID)
	if errors.Is(err, fs.ErrNotExist) && len(r.Personas) == 0 {
		return fine("none")
	}
	if err != nil {
		return unasked(err)
	}
	if len(worn)+len(r.Personas) == 0 {
		return fine("none")
	}
	client, err := r.onPage()
	if err != nil {
		return refused(err)
	}
	there, err := client.Personas(ctx)
	if err != nil {
		return refused(err)
	}
	for _, w := range worn {
		_, has := there[w.ID]
		switch {
		case !has:
			r.disguise.gone = append(r.disguise.gone, w.ID)
		case !slices.Contains(r.Personas, messenger.Persona{Name: w.Name, Picture: w.Picture}):
			r.disguise.drop = append(r.disguise.drop, w)
		}
	}
	for _, p := range r.Personas {
		if !slices.ContainsFunc(worn, func(w mask.Worn) bool {
			_, has := there[w.ID]
			return has && w.Name == p.Name && w.Picture == p.Picture
		}) {
			r.disguise.make = append(r.disguise.make, p)
		}
	}
	return r.disguise.finding(len(r.Personas))
}

// finding tells of a difference.
func (d disguise) finding(wanted int) Finding {
	if len(d.make)+len(d.drop) == 0 {
		return fine("%d, as bot.toml says", wanted)
	}
	f := warning(fmt.Sprintf("%d to be made, %d no longer wanted", len(d.make), len(d.drop)), "The Page speaks itself in place of a persona that it does not have.", "Run footlight deploy: it shows the difference, and sets it. A host also makes a persona when it first speaks.")
	for _, w := range d.drop {
		f.Plan = append(f.Plan, fmt.Sprintf("- %q with the picture %s", w.Name, w.Picture))
	}
	for _, p := range d.make {
		f.Plan = append(f.Plan, fmt.Sprintf("+ %q with the picture %s", p.Name, p.Picture))
	}
	return f
}

// mendPersonas makes what is new, and takes away what is not wanted any more.
func mendPersonas(ctx context.Context, r *round, _ Guide) error {
	for _, id := range r.disguise.gone {
		if err := r.Masks.Forget(ctx, r.PageID, id); err != nil {
			return err
		}
	}
	for _, p := range r.disguise.make {
		if _, err := r.Masks.Find(ctx, r.PageID, p, r.client); err != nil {
			return fmt.Errorf("persona %q: %w", p.Name, err)
		}
	}
	for _, w := range r.disguise.drop {
		if err := r.client.DropPersona(ctx, w.ID); err != nil {
			return fmt.Errorf("persona %q, which is not wanted any more: %w", w.Name, err)
		}
		if err := r.Masks.Forget(ctx, r.PageID, w.ID); err != nil {
			return err
		}
	}
	return nil
}
