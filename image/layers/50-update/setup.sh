systemctl enable gigbox-confirm.service >/dev/null 2>&1
