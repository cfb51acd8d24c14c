package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"
)

var (
	video = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000, RTCPFeedback: []webrtc.RTCPFeedback{
		{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "transport-cc"},
	}}
	again = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=96"}
	sound = webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}
)

func registerCodecs(media *webrtc.MediaEngine) error {
	for _, one := range []struct {
		webrtc.RTPCodecCapability
		number uint8
		kind   webrtc.RTPCodecType
	}{
		{video, 96, webrtc.RTPCodecTypeVideo},
		{again, 97, webrtc.RTPCodecTypeVideo},
		{sound, 111, webrtc.RTPCodecTypeAudio},
	} {
		codec := webrtc.RTPCodecParameters{RTPCodecCapability: one.RTPCodecCapability, PayloadType: webrtc.PayloadType(one.number)}
		if err := media.RegisterCodec(codec, one.kind); err != nil {
			return err
		}
	}
	return nil
}

// picture is what a sender's frames look like on the wire; nobody decodes them.
type picture struct {
	width, height uint32
	framesASecond int
	frameBytes    int
	keyFrameBytes int
	keyFrameEvery int
	withSound     bool
}

var pictures = map[string]picture{
	// 1.7 Mbit/s and 32 kbit/s of sound.
	"speaker": {1280, 720, 25, 8000, 24000, 100, true},
	"tile":    {320, 180, 1, 8000, 8000, 1, false},
}

func (s *session) publish() error {
	look := pictures[s.site.Publish]
	line, err := s.openLine(livekit.SignalTarget_PUBLISHER)
	if err != nil {
		return err
	}
	s.sending = line
	frames, err := s.announce(line, video, "v", &livekit.AddTrackRequest{
		Type: livekit.TrackType_VIDEO, Source: livekit.TrackSource_CAMERA, Width: look.width, Height: look.height,
		Layers: []*livekit.VideoLayer{{Quality: livekit.VideoQuality_HIGH, Width: look.width, Height: look.height, Bitrate: 1_700_000}},
	})
	if err != nil {
		return err
	}
	wantsKey := make(chan struct{}, 1)
	go listenForKeys(frames.sender, wantsKey)
	var voice *announced
	if look.withSound {
		voice, err = s.announce(line, sound, "a", &livekit.AddTrackRequest{Type: livekit.TrackType_AUDIO, Source: livekit.TrackSource_MICROPHONE})
		if err != nil {
			return err
		}
	}
	line.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state != webrtc.PeerConnectionStateConnected {
			return
		}
		s.isReady()
		go s.sendFrames(frames.track, look, wantsKey)
		if voice != nil {
			go s.sendSound(voice.track)
		}
	})
	return s.offer(line)
}

type announced struct {
	track  *webrtc.TrackLocalStaticRTP
	sender *webrtc.RTPSender
}

// announce waits until the room knows of the track; before that it would not take its packets.
func (s *session) announce(line *webrtc.PeerConnection, codec webrtc.RTPCodecCapability, cid string, ask *livekit.AddTrackRequest) (*announced, error) {
	told := make(chan string, 1)
	s.published[cid] = told
	local, err := webrtc.NewTrackLocalStaticRTP(codec, cid, "stream")
	if err != nil {
		return nil, err
	}
	way, err := line.AddTransceiverFromTrack(local, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return nil, err
	}
	ask.Cid, ask.Name = cid, cid
	if err := s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_AddTrack{AddTrack: ask}}); err != nil {
		return nil, err
	}
	select {
	case <-told:
		return &announced{local, way.Sender()}, nil
	case <-s.lost:
		return nil, errors.New("lost")
	case <-time.After(stuckAfter):
		return nil, errors.New("not published")
	}
}

func (s *session) offer(line *webrtc.PeerConnection) error {
	offer, err := line.CreateOffer(nil)
	if err != nil {
		return err
	}
	if err := line.SetLocalDescription(offer); err != nil {
		return err
	}
	return s.send(&livekit.SignalRequest{Message: &livekit.SignalRequest_Offer{
		Offer: &livekit.SessionDescription{Type: "offer", Sdp: offer.SDP},
	}})
}

func listenForKeys(sender *webrtc.RTPSender, wanted chan<- struct{}) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				select {
				case wanted <- struct{}{}:
				default:
				}
			}
		}
	}
}

func (s *session) sendFrames(track *webrtc.TrackLocalStaticRTP, look picture, wantsKey <-chan struct{}) {
	packetizer := rtp.NewPacketizer(1160, 96, rand.Uint32(), &codecs.VP8Payloader{EnablePictureID: true}, rtp.NewRandomSequencer(), 90000)
	beat := time.NewTicker(time.Second / time.Duration(look.framesASecond))
	defer beat.Stop()
	for count := 0; ; count++ {
		isKey := count%look.keyFrameEvery == 0
		select {
		case <-wantsKey:
			isKey = true
		default:
		}
		for _, packet := range packetizer.Packetize(frame(look, isKey), 90000/uint32(look.framesASecond)) {
			if track.WriteRTP(packet) != nil {
				return
			}
		}
		select {
		case <-s.lost:
			return
		case <-beat.C:
		}
	}
}

// A VP8 frame as far as its header: bit 0 says whether it stands alone, then its size.
func frame(look picture, isKey bool) []byte {
	if !isKey {
		bytes := make([]byte, look.frameBytes)
		bytes[0] = 0x11
		return bytes
	}
	bytes := make([]byte, look.keyFrameBytes)
	copy(bytes, []byte{0x10, 0, 0, 0x9d, 0x01, 0x2a, byte(look.width), byte(look.width >> 8), byte(look.height), byte(look.height >> 8)})
	return bytes
}

func (s *session) sendSound(track *webrtc.TrackLocalStaticRTP) {
	packetizer := rtp.NewPacketizer(1200, 111, rand.Uint32(), &codecs.OpusPayloader{}, rtp.NewRandomSequencer(), 48000)
	beat := time.NewTicker(20 * time.Millisecond)
	defer beat.Stop()
	speech := make([]byte, 80)
	speech[0] = 0xfc
	for {
		// One clock on one machine: whoever hears it knows how long it was on its way.
		binary.BigEndian.PutUint64(speech[len(speech)-8:], uint64(time.Now().UnixMicro()))
		for _, packet := range packetizer.Packetize(speech, 960) {
			if track.WriteRTP(packet) != nil {
				return
			}
		}
		select {
		case <-s.lost:
			return
		case <-beat.C:
		}
	}
}

func marshalCandidate(candidate webrtc.ICECandidateInit) string {
	text, _ := json.Marshal(candidate)
	return string(text)
}

func unmarshalCandidate(text string, into *webrtc.ICECandidateInit) error {
	return json.Unmarshal([]byte(text), into)
}
