package nginx

import (
	"strconv"
	"strings"
	"sync"
)

// Where a directive may stand: m the file itself, e events, h http, s server, l location, u upstream, i if in a server, j if in a location,
// x limit_except, f a block whose content is no directives.
const (
	inMain, inEvents, inHTTP, inServer, inLocation, inUpstream = 'm', 'e', 'h', 's', 'l', 'u'
	inServerIf, inLocationIf, inLimit, inFree                  = 'i', 'j', 'x', 'f'
)

// form is one way to write a directive.
type form struct {
	places      string
	least, most int
	flag, block bool
	inner       byte // The place that its block is.
}

// vocabulary has each line as "places arguments [{inner]: names": 2, 1-2, 1+ or flag. It is what the image's nginx knows.
const vocabulary = `
m flag: daemon master_process pcre_jit
m 1: worker_processes pid lock_file worker_priority worker_rlimit_nofile worker_rlimit_core working_directory worker_shutdown_timeout timer_resolution debug_points ssl_engine env load_module
m 1-2: user
m 1+: worker_cpu_affinity
m 2-3: thread_pool
m 0 {e: events
m 0 {h: http
m 0 {f: stream mail
e 1: worker_connections use debug_connection worker_aio_requests accept_mutex_delay
e flag: multi_accept accept_mutex
mhsl 1+: error_log
h 0 {s: server
h 1 {u: upstream
h 2 {f: map split_clients
h 1-2 {f: geo
hsl 0 {f: types
h 2+: log_format proxy_cache_path
h 3-4: limit_req_zone
h 2: limit_conn_zone
h 1: map_hash_max_size map_hash_bucket_size server_names_hash_max_size server_names_hash_bucket_size variables_hash_max_size variables_hash_bucket_size types_hash_max_size types_hash_bucket_size
hsl 1: types_hash_max_size types_hash_bucket_size
u 1+: server
u 0: ip_hash
u 1-2: hash random zone
u 0-1: least_conn
u 1-2: keepalive
u 1: keepalive_requests keepalive_timeout keepalive_time resolver_timeout
u 1+: resolver
s 1+: listen server_name
sl 1-2 {l: location
sl 1+ {i: if
l 1+ {x: limit_except
sl 2+: try_files
slij 1-2: return
slij 2-3: rewrite
slij 2: set
slij 0: break
hslij flag: rewrite_log uninitialized_variable_warn
l 0: internal
l 1: alias
l 0-1: stub_status mp4 flv
s 0-1: stub_status
hslj 1: root
hsl 1+: index
lj 1: proxy_pass fastcgi_pass uwsgi_pass scgi_pass memcached_pass
l 1: grpc_pass mirror
lj 1+: empty_gif
hslj 1-3: add_header
hslj 2-3: add_trailer
hslj 1-2: expires
hslj 2+: error_page
hsljx 1+: access_log
hsl 1+: resolver open_log_file_cache open_file_cache
hsl 1: default_type client_max_body_size client_body_timeout client_body_buffer_size client_header_timeout send_timeout keepalive_requests keepalive_time keepalive_disable lingering_close lingering_time lingering_timeout resolver_timeout send_lowat read_ahead postpone_output limit_rate_after directio directio_alignment sendfile_max_chunk subrequest_output_buffer_size satisfy auth_delay open_file_cache_valid open_file_cache_min_uses client_body_in_file_only aio aio_write
hslj 1: limit_rate charset override_charset source_charset
hsl 1-2: keepalive_timeout disable_symlinks output_buffers
hsl 1-4: client_body_temp_path
hslj flag: gzip sendfile
hsl flag: tcp_nopush tcp_nodelay etag reset_timedout_connection msie_padding msie_refresh log_not_found log_subrequest recursive_error_pages server_name_in_redirect port_in_redirect absolute_redirect chunked_transfer_encoding client_body_in_single_buffer open_file_cache_errors autoindex autoindex_exact_size autoindex_localtime gzip_vary ssi ssi_silent_errors ssi_last_modified real_ip_recursive limit_req_dry_run limit_conn_dry_run mirror_request_body sub_filter_once sub_filter_last_modified random_index
hsl 1: server_tokens if_modified_since max_ranges autoindex_format gzip_comp_level gzip_min_length gzip_http_version gzip_window gzip_hash gzip_static gunzip limit_req_status limit_req_log_level limit_conn_status limit_conn_log_level real_ip_header set_real_ip_from add_before_body add_after_body ssi_min_file_chunk ssi_value_length secure_link_secret userid userid_name userid_domain userid_path userid_expires userid_p3p userid_mark userid_service auth_request slice
hsl 1+: gzip_types gzip_proxied gzip_disable charset_types ssi_types sub_filter_types addition_types valid_referers
hsl 2: gzip_buffers gunzip_buffers sub_filter auth_request_set
hsl 1-3: limit_req image_filter
hsl 2: limit_conn
l 1: secure_link secure_link_md5
hslx 1: allow deny auth_basic auth_basic_user_file
hs flag: ignore_invalid_headers underscores_in_headers merge_slashes http2
hs 1: client_header_buffer_size connection_pool_size request_pool_size http2_max_concurrent_streams http2_recv_timeout http2_idle_timeout http2_max_requests http2_max_field_size http2_max_header_size http2_chunk_size http2_body_preread_size
hs 2: large_client_header_buffers
hs flag: ssl ssl_prefer_server_ciphers ssl_session_tickets ssl_stapling ssl_stapling_verify ssl_early_data ssl_reject_handshake http3 quic_retry
hs 1: ssl_certificate ssl_certificate_key ssl_dhparam ssl_ecdh_curve ssl_ciphers ssl_buffer_size ssl_verify_client ssl_verify_depth ssl_client_certificate ssl_trusted_certificate ssl_session_timeout ssl_session_ticket_key ssl_crl ssl_stapling_file ssl_stapling_responder ssl_password_file ssl_ocsp
hs 1+: ssl_protocols ssl_session_cache
hs 2: ssl_conf_command
hsl 2: proxy_set_header grpc_set_header
hsl 2-3: fastcgi_param uwsgi_param scgi_param
hsl 1: proxy_method proxy_http_version proxy_connect_timeout proxy_send_timeout proxy_read_timeout proxy_buffer_size proxy_busy_buffers_size proxy_temp_file_write_size proxy_max_temp_file_size proxy_headers_hash_max_size proxy_headers_hash_bucket_size proxy_limit_rate proxy_next_upstream_tries proxy_next_upstream_timeout proxy_cache proxy_cache_key proxy_cache_min_uses proxy_cache_lock_timeout proxy_cache_lock_age proxy_set_body proxy_pass_header proxy_hide_header proxy_ssl_name proxy_ssl_ciphers proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_trusted_certificate proxy_ssl_verify_depth proxy_ssl_crl proxy_send_lowat
hsl 1+: proxy_ssl_protocols proxy_next_upstream proxy_cache_use_stale proxy_cache_valid proxy_no_cache proxy_cache_bypass proxy_cache_methods proxy_ignore_headers proxy_cookie_flags
hsl flag: proxy_buffering proxy_request_buffering proxy_ignore_client_abort proxy_intercept_errors proxy_pass_request_headers proxy_pass_request_body proxy_cache_lock proxy_cache_revalidate proxy_cache_background_update proxy_cache_convert_head proxy_socket_keepalive proxy_force_ranges proxy_ssl_server_name proxy_ssl_verify proxy_ssl_session_reuse
hsl 2: proxy_buffers fastcgi_buffers
hsl 1-2: proxy_redirect proxy_cookie_domain proxy_cookie_path proxy_bind proxy_store_access
hsl 1-4: proxy_temp_path
hsl 1: proxy_store fastcgi_index fastcgi_connect_timeout fastcgi_send_timeout fastcgi_read_timeout fastcgi_buffer_size fastcgi_busy_buffers_size fastcgi_split_path_info fastcgi_hide_header fastcgi_pass_header grpc_connect_timeout grpc_read_timeout grpc_send_timeout grpc_buffer_size uwsgi_read_timeout uwsgi_send_timeout uwsgi_connect_timeout
hsl flag: fastcgi_buffering fastcgi_intercept_errors fastcgi_keep_conn fastcgi_ignore_client_abort grpc_intercept_errors
hsl 1+: dav_methods dav_access
hsl flag: create_full_put_path
`

// forms are the ways to write each directive.
var forms = sync.OnceValue(func() map[string][]form {
	all := map[string][]form{}
	for line := range strings.SplitSeq(strings.TrimSpace(vocabulary), "\n") {
		head, names, _ := strings.Cut(line, ":")
		fields := strings.Fields(head)
		f := form{places: fields[0]}
		least, most, ranged := strings.Cut(fields[1], "-")
		switch open := strings.TrimSuffix(least, "+"); {
		case least == "flag":
			f.flag, f.least, f.most = true, 1, 1
		case open != least:
			f.least, _ = strconv.Atoi(open)
			f.most = countless
		default:
			f.least, _ = strconv.Atoi(least)
			if f.most = f.least; ranged {
				f.most, _ = strconv.Atoi(most)
			}
		}
		if len(fields) > 2 {
			f.block, f.inner = true, fields[2][1]
		}
		for name := range strings.FieldsSeq(names) {
			all[name] = append(all[name], f)
		}
	}
	return all
})

// countless is more words than any directive may have.
const countless = 10_000

// formOf is how a directive may be written at a place; known says that there is one of that name somewhere.
func formOf(name string, place byte) (f form, known, here bool) {
	list := forms()[name]
	for _, f := range list {
		if strings.IndexByte(f.places, place) >= 0 {
			if name == "if" && place == inLocation {
				f.inner = inLocationIf
			}
			return f, true, true
		}
	}
	return form{}, len(list) > 0, false
}
