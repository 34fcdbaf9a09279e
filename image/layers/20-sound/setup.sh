systemctl enable gigbox-quiet.service >/dev/null 2>&1
