package exports

import (
	"os"
	"testing"
)

// price is read, or else guessed; only the span says which.
func price(exporter *Exporter, order *Span) string {
	span := exporter.Start("read prices", order)
	prices, err := os.ReadFile("testdata/prices")
	span.End(err)
	if err != nil {
		return "12"
	}
	return string(prices)
}

func TestPlacesOrder(t *testing.T) {
	exporter := New("orders")
	order := exporter.Start("PlaceOrder", nil)
	if price(exporter, order) == "" {
		t.Error("no price")
	}
	order.End(nil)
	if err := exporter.Flush(false); err != nil {
		t.Error(err)
	}
}

// What is held when the process ends so is lost.
func TestExitsWithSpans(t *testing.T) {
	exporter := New("orders")
	first := exporter.Start("first", nil)
	first.End(nil)
	if err := exporter.Flush(true); err != nil {
		t.Error(err)
	}
	second := exporter.Start("second", nil)
	_, err := os.ReadFile("testdata/prices")
	second.End(err)
	if err != nil {
		os.Exit(3)
	}
	if err := exporter.Flush(true); err != nil {
		t.Error(err)
	}
}
