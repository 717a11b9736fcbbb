package page

import (
	"regexp"
	"strconv"
	"time"
)

// datedAddress finds /2024/11/22/, /2024-11-22- and /20241122/ in an address.
var datedAddress = regexp.MustCompile(`[/\-_.](19[7-9]\d|20\d\d)([/\-_.]?)(0[1-9]|1[0-2])[/\-_.]?(0[1-9]|[12]\d|3[01])(?:[/\-_.]|$)`)

// addressDate is the day that an address tells, zero for none.
func addressDate(address string) time.Time {
	m := datedAddress.FindStringSubmatch(address)
	if m == nil {
		return time.Time{}
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[3])
	day, _ := strconv.Atoi(m[4])
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
