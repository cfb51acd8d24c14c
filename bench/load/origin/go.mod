module diemcau/bench/origin

go 1.24
