#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A CA and a certificate for a SuperLink: make-certificates.sh HOST FOLDER
# HOST is the name or the IPv4 address by which the nodes reach it. Nodes get FOLDER/ca.pem; nothing else leaves.
set -euo pipefail
[ $# = 2 ] || { echo "usage: $0 HOST FOLDER" >&2; exit 2; }
host=$1 folder=$2
umask 077
mkdir -p "$folder"
[ ! -e "$folder/ca.key" ] || { echo "$folder has a CA already; choose another folder" >&2; exit 1; }
name="DNS:$host"
[[ $host =~ ^[0-9.]+$ ]] && name="IP:$host"
curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes)
openssl req -x509 "${curve[@]}" -days 3650 -subj "/CN=Consilium SuperLink CA" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
openssl req "${curve[@]}" -subj "/CN=$host" -keyout "$folder/server.key" -out "$folder/server.csr" 2>/dev/null
# localhost too: flwr and the SuperLink's own processes may run on its machine.
openssl x509 -req -days 825 -in "$folder/server.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial \
    -extfile <(printf 'subjectAltName=%s,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' "$name") \
    -out "$folder/server.pem" 2>/dev/null
rm -f "$folder/server.csr" "$folder/ca.srl"
echo "$folder/ca.pem for the nodes, $folder/server.pem and $folder/server.key for the SuperLink"
