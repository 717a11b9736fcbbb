package story

import "time"

// Phases of a story's life.
const (
	Emerging   = "emerging"   // told by one origin
	Developing = "developing" // by two origins
	Confirmed  = "confirmed"  // by three or more, one of them trusted
	Peak       = "peak"       // confirmed, and this hour is its busiest
	Fading     = "fading"     // its last hours are a quarter of its busiest, or silent
	Closed     = "closed"     // silent for a day
	Revived    = "revived"    // came back after a silence
)

const (
	hours = 48
	// quiet is the silence after which an article revives a story.
	quiet = 24 * time.Hour
	// busy is the least number of articles in an hour that can be a peak.
	busy = 3
)

// tick counts an article in its hour.
func (s *Story) tick(at time.Time) {
	h := at.Unix() / 3600
	switch {
	case s.HourAt == 0 || h-s.HourAt >= hours:
		s.Hours, s.HourAt = [hours]uint16{}, h
	case h > s.HourAt:
		for i := s.HourAt + 1; i <= h; i++ {
			s.Hours[i%hours] = 0
		}
		s.HourAt = h
	case s.HourAt-h >= hours:
		return
	}
	if s.Hours[h%hours] < 1<<16-1 {
		s.Hours[h%hours]++
	}
}

// Phase is where the story is in its life at a stream time.
func (s *Story) Phase(now time.Time) string {
	origins, trusted := s.Origins()
	silent := now.Sub(s.Last)
	switch {
	case silent >= quiet:
		return Closed
	case s.Revived.Equal(s.Last) && !s.Revived.IsZero():
		return Revived
	}
	top, recent := s.rates(now)
	switch {
	case silent >= 6*time.Hour || (top >= busy && recent*4 <= top):
		return Fading
	case origins >= 3 && trusted > 0 && top >= busy && recent >= top:
		return Peak
	case origins >= 3 && trusted > 0:
		return Confirmed
	case origins >= 2:
		return Developing
	}
	return Emerging
}

// rates are the articles of the busiest hour, and of the busiest of the last
// three.
func (s *Story) rates(now time.Time) (top, recent int) {
	h := now.Unix() / 3600
	for i := int64(0); i < hours; i++ {
		at := s.HourAt - i
		n := int(s.Hours[((at%hours)+hours)%hours])
		top = max(top, n)
		if h-at < 3 {
			recent = max(recent, n)
		}
	}
	return top, recent
}
