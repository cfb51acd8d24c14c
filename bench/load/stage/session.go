package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

// session is one connection of a site, from its joining until it is lost.
type session struct {
	site        *site
	socket      *websocket.Conn
	writing     sync.Mutex
	participant string
	receiving   *webrtc.PeerConnection
	sending     *webrtc.PeerConnection
	early       map[livekit.SignalTarget][]webrtc.ICECandidateInit
	published   map[string]chan string
	ready       chan struct{}
	isReady     func()
	lost        chan struct{}
	isLost      func()
}

func newSession(of *site) *session {
	s := &session{
		site: of, ready: make(chan struct{}), lost: make(chan struct{}),
		early: map[livekit.SignalTarget][]webrtc.ICECandidateInit{}, published: map[string]chan string{},
	}
	s.isReady = sync.OnceFunc(func() { close(s.ready) })
	s.isLost = sync.OnceFunc(func() { close(s.lost) })
	return s
}

// connect returns once the site is really in: media flows where it subscribes or sends, the line for data stands elsewhere.
func (s *session) connect(former string) error {
	address, err := s.address(former)
	if err != nil {
		return err
	}
	dialer := websocket.Dialer{HandshakeTimeout: stuckAfter}
	socket, response, err := dialer.Dial(address, http.Header{"User-Agent": {"stage-bench"}})
	if err != nil {
		if response != nil {
			return fmt.Errorf("refused with %d", response.StatusCode)
		}
		return errors.New("no connection")
	}
	s.socket = socket
	first, err := s.read()
	if err != nil {
		return err
	}
	joined := first.GetJoin()
	if joined == nil {
		return errors.New("not joined")
	}
	s.participant = joined.Participant.Sid
	if err := s.openReceiving(); err != nil {
		return err
	}
	go s.listen()
	go s.ping(time.Duration(max(joined.PingInterval, 5)) * time.Second)
	if s.site.Publish != "" {
		if err := s.publish(); err != nil {
			return err
		}
	}
	select {
	case <-s.ready:
		return nil
	case <-s.lost:
		return errors.New("lost while joining")
	case <-s.site.ended:
		return errors.New("over")
	case <-time.After(stuckAfter):
		return errors.New("no media")
	}
}

func (s *session) address(former string) (string, error) {
	base, err := url.Parse(s.site.url)
	if err != nil {
		return "", err
	}
	base.Path = "/rtc"
	ask := url.Values{
		"access_token": {s.site.Token}, "protocol": {"15"}, "sdk": {"go"}, "version": {"2.0.0"},
		"auto_subscribe": {map[bool]string{true: "1", false: "0"}[s.site.Subscribe]},
	}
	if former != "" {
		ask.Set("reconnect", "1")
		ask.Set("sid", former)
	}
	base.RawQuery = ask.Encode()
	return base.String(), nil
}

func (s *session) wait() { <-s.lost }

func (s *session) close() {
	s.isLost()
	if s.socket != nil {
		_ = s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Leave{Leave: &livekit.LeaveRequest{}}})
		_ = s.socket.Close()
	}
	for _, line := range []*webrtc.PeerConnection{s.receiving, s.sending} {
		if line != nil {
			_ = line.Close()
		}
	}
}

func (s *session) read() (*livekit.SignalResponse, error) {
	_, bytes, err := s.socket.ReadMessage()
	if err != nil {
		return nil, err
	}
	var message livekit.SignalResponse
	return &message, proto.Unmarshal(bytes, &message)
}

func (s *session) send(message *livekit.SignalRequest) error {
	bytes, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.socket.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return s.socket.WriteMessage(websocket.BinaryMessage, bytes)
}

func (s *session) ping(every time.Duration) {
	beat := time.NewTicker(every)
	defer beat.Stop()
	for {
		select {
		case <-s.lost:
			return
		case <-beat.C:
			now := time.Now().UnixMilli()
			_ = s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_PingReq{PingReq: &livekit.Ping{Timestamp: now}}})
		}
	}
}

func (s *session) listen() {
	defer s.isLost()
	for {
		message, err := s.read()
		if err != nil {
			return
		}
		if err := s.obey(message); err != nil {
			return
		}
	}
}

func (s *session) obey(message *livekit.SignalResponse) error {
	switch it := message.Message.(type) {
	case *livekit.SignalResponse_Offer:
		return s.answer(it.Offer)
	case *livekit.SignalResponse_Answer:
		answer := webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: it.Answer.Sdp}
		if err := s.sending.SetRemoteDescription(answer); err != nil {
			return err
		}
		return s.addEarly(livekit.SignalTarget_PUBLISHER, s.sending)
	case *livekit.SignalResponse_Trickle:
		return s.trickled(it.Trickle)
	case *livekit.SignalResponse_TrackPublished:
		if told := s.published[it.TrackPublished.Cid]; told != nil {
			told <- it.TrackPublished.Track.Sid
		}
	case *livekit.SignalResponse_Leave:
		return errors.New("asked to leave")
	case *livekit.SignalResponse_RefreshToken:
		s.site.Token = it.RefreshToken
	}
	return nil
}

func (s *session) answer(offer *livekit.SessionDescription) error {
	if err := s.receiving.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.Sdp}); err != nil {
		return err
	}
	if err := s.addEarly(livekit.SignalTarget_SUBSCRIBER, s.receiving); err != nil {
		return err
	}
	answer, err := s.receiving.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err := s.receiving.SetLocalDescription(answer); err != nil {
		return err
	}
	return s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Answer{
		Answer: &livekit.SessionDescription{Type: "answer", Sdp: answer.SDP, Id: offer.Id},
	}})
}

func (s *session) trickled(it *livekit.TrickleRequest) error {
	var candidate webrtc.ICECandidateInit
	if err := unmarshalCandidate(it.CandidateInit, &candidate); err != nil {
		return err
	}
	line := s.receiving
	if it.Target == livekit.SignalTarget_PUBLISHER {
		line = s.sending
	}
	if line == nil || line.RemoteDescription() == nil {
		s.early[it.Target] = append(s.early[it.Target], candidate)
		return nil
	}
	return line.AddICECandidate(candidate)
}

func (s *session) addEarly(target livekit.SignalTarget, line *webrtc.PeerConnection) error {
	for _, candidate := range s.early[target] {
		if err := line.AddICECandidate(candidate); err != nil {
			return err
		}
	}
	delete(s.early, target)
	return nil
}

func (s *session) openReceiving() error {
	line, err := s.openLine(livekit.SignalTarget_SUBSCRIBER)
	if err != nil {
		return err
	}
	s.receiving = line
	line.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { s.hear(remote) })
	line.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected && !s.site.Subscribe && s.site.Publish == "" {
			s.isReady()
		}
		if state == webrtc.PeerConnectionStateFailed {
			s.isLost()
		}
	})
	return nil
}

// hear counts without looking inside: the sequence number stands in the third and fourth byte.
func (s *session) hear(remote *webrtc.TrackRemote) {
	var numbers track
	isVideo := remote.Kind() == webrtc.RTPCodecTypeVideo
	packet := make([]byte, 1600)
	for {
		size, _, err := remote.Read(packet)
		if err != nil {
			return
		}
		number := uint16(packet[2])<<8 | uint16(packet[3])
		expected, received, froze := numbers.take(number, time.Now(), isVideo)
		s.site.heard.add(expected, received, int64(size), froze)
		if !isVideo && size > 40 {
			delays.note(time.Now().UnixMicro() - int64(binary.BigEndian.Uint64(packet[size-8:size])))
		}
		if s.site.Publish == "" {
			s.isReady()
		}
	}
}

func (s *session) openLine(target livekit.SignalTarget) (*webrtc.PeerConnection, error) {
	// What the library finds odd while lines come up is counted by us, not told.
	settings := webrtc.SettingEngine{LoggerFactory: &logging.DefaultLoggerFactory{DefaultLogLevel: logging.LogLevelDisabled, Writer: io.Discard}}
	settings.SetIncludeLoopbackCandidate(true)
	if strings.Contains(s.site.url, "127.0.0.1") {
		settings.SetIPFilter(net.IP.IsLoopback)
	}
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	media := &webrtc.MediaEngine{}
	if err := registerCodecs(media); err != nil {
		return nil, err
	}
	chain := &interceptor.Registry{}
	if err := webrtc.ConfigureNack(media, chain); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureRTCPReports(chain); err != nil {
		return nil, err
	}
	if err := webrtc.ConfigureTWCCSender(media, chain); err != nil {
		return nil, err
	}
	api := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(chain))
	line, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	line.OnICECandidate(func(candidate *webrtc.ICECandidate) {
		if candidate == nil {
			return
		}
		_ = s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Trickle{
			Trickle: &livekit.TrickleRequest{CandidateInit: marshalCandidate(candidate.ToJSON()), Target: target},
		}})
	})
	return line, nil
}
