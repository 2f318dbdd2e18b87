package checks_out

import (
	"path/filepath"
	"testing"
)

func TestSells(t *testing.T) {
	shop, err := Open(filepath.Join(t.TempDir(), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	go shop.Sell()
	count, err := shop.Serve()
	if err != nil || count != buyers*orders {
		t.Fatalf("sold %d, %v", count, err)
	}
}
