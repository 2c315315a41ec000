package main

import (
	"errors"
	"strconv"

	direction "github.com/footlight-bots/footlight/sdk/go"
)

// question is what is asked of the service.
type question struct {
	city  string
	day   int // 0 is now
	units string
}

// ask finds the city, then its weather.
func ask(c *direction.Call, q question) (string, error) {
	found, err := get(c, "https://geocoding-api.open-meteo.com/v1/search?count=1&name="+direction.Escape(q.city))
	if err != nil {
		return "", err
	}
	place := found.Get("results").At(0)
	latitude, longitude := place.Get("latitude"), place.Get("longitude")
	if !latitude.Exists() || !longitude.Exists() {
		return "", errors.New("there is no city called " + q.city)
	}
	sky, err := get(c, "https://api.open-meteo.com/v1/forecast?latitude="+direction.Escape(latitude.Text())+
		"&longitude="+direction.Escape(longitude.Text())+"&timezone=auto&temperature_unit="+q.units+
		"&current=temperature_2m,weather_code&daily=weather_code,temperature_2m_min,temperature_2m_max")
	if err != nil {
		return "", err
	}
	name := place.Get("name").Text()
	if q.day == 0 {
		return now(sky, name, q.units)
	}
	return later(sky, name, q)
}

// get asks the service and reads its answer.
func get(c *direction.Call, url string) (direction.JSON, error) {
	answer, err := c.Get(url)
	if err != nil {
		return direction.JSON{}, err
	}
	if answer.Status != 200 {
		return direction.JSON{}, errors.New("the weather service answers with status " + strconv.Itoa(answer.Status))
	}
	return answer.JSON()
}

var errShape = errors.New("the weather service answers something else")

func now(sky direction.JSON, city, units string) (string, error) {
	warmth, ok := sky.Get("current", "temperature_2m").Number()
	if !ok {
		return "", errShape
	}
	return degrees(warmth, units) + " and " + words(sky.Get("current", "weather_code")) + " in " + city, nil
}

func later(sky direction.JSON, city string, q question) (string, error) {
	daily := sky.Get("daily")
	low, ok := daily.Get("temperature_2m_min").At(q.day).Number()
	high, also := daily.Get("temperature_2m_max").At(q.day).Number()
	if !ok || !also {
		return "", errShape
	}
	return strconv.FormatFloat(low, 'f', 0, 64) + " to " + degrees(high, q.units) + " and " +
		words(daily.Get("weather_code").At(q.day)) + " in " + city, nil
}

func degrees(warmth float64, units string) string {
	sign := " °C"
	if units == fahrenheit {
		sign = " °F"
	}
	text := strconv.FormatFloat(warmth, 'f', 0, 64)
	if text == "-0" {
		text = "0"
	}
	return text + sign
}

// words says what a WMO weather code stands for, from the first code on that is not
// above it.
func words(code direction.JSON) string {
	n, ok := code.Number()
	if !ok {
		return "no word about the sky"
	}
	text := ""
	for _, w := range [...]struct {
		from float64
		text string
	}{
		{0, "a clear sky"},
		{1, "hardly a cloud"},
		{2, "some clouds"},
		{3, "a grey sky"},
		{45, "fog"},
		{51, "drizzle"},
		{61, "rain"},
		{66, "freezing rain"},
		{71, "snow"},
		{80, "showers"},
		{85, "snow showers"},
		{95, "thunder"},
	} {
		if n >= w.from {
			text = w.text
		}
	}
	return text
}
