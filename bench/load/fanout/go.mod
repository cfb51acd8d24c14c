module diemcau.vn/bench/fanout

go 1.22
